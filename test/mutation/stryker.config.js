import { NAME, PARTS, TABLES } from './parts.js'

const folder = `coverage/mutation/${NAME}`

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: PARTS[NAME]?.mutate,
  coverageAnalysis: 'perTest',
  // What is evaluated on import runs every test of its part: nine tenths of the time for a tenth of the mutants. Tables are
  // a part of their own.
  ignoreStatic: NAME !== TABLES,
  disableTypeChecks: false,
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  tempDirName: `${folder}/sandbox`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `${folder}/report.json` },
  ignorePatterns: ['/coverage', '/dist', '/docs', '/pictures'],
  thresholds: { high: 95, low: 85, break: 85 },
  timeoutMS: 5_000,
  dryRunTimeoutMinutes: 30,
  concurrency: 2,
}
