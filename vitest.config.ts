import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: 'test/tsconfig.types.json' },
    // Vitest leaves a processor free, which on two is half of them.
    maxWorkers: availableParallelism(),
    // A key in the developer's environment must not decide a test, nor be printed by one.
    env: { NEBIUS_API_KEY: '', NEBIUS_BASE_URL: '', OPENAPI_URL: '' },
    // Some tests compile or start processes, which a busy machine takes its time for.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests of time-outs ask for patience that a stalled CI machine may not have; what fails three times fails.
    retry: process.env['CI'] === undefined ? 0 : 2,
    // By `--coverage`, as `npm run check` has it: a floor, below which something has no test at all.
    coverage: {
      include: ['src/**/*.ts', 'scripts/spec/**/*.ts'],
      // Not measured are the command's start, which is a process of its own, the page, which runs in a browser, and what
      // the suites of adapters and queues test.
      exclude: ['src/{adapters,bullmq,generated,redis}/**', 'src/cli/index.ts', 'src/cli/serve/page/**'],
      reporter: ['text-summary'],
      reportsDirectory: 'coverage/lines',
      thresholds: { lines: 95, branches: 90 },
    },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
})
