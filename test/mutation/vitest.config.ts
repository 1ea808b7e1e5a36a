import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { NAME, PARTS, TABLES } from './parts.js'
import { endResident, residentPool } from './resident-pool.ts'

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig({
  plugins: [
    {
      name: 'resident',
      // Stryker's runner sets a pool of its own.
      configureVitest({ project, vitest }) {
        project.config.pool = residentPool.name
        project.config.poolRunner = residentPool
        vitest.onClose(endResident)
      },
    },
  ],
  test: {
    include: PARTS[NAME]?.tests ?? [],
    exclude: [
      ...configDefaults.exclude,
      // Code that may be broken in thousands of places takes several times as long.
      'test/errors/redact-time.test.ts',
      // What simulates a service, compiles, or starts processes takes seconds, for each mutant.
      'test/bulk/simulated-*.test.ts',
      'test/local/random-requests.test.ts',
      'test/cli/{installed,serve}/**',
      'test/spec/**/{hostile,regenerate}.test.ts',
      ...(NAME === TABLES ? [] : ['test/spec/**/corpus.test.ts']),
    ],
    setupFiles: [beside('setup.ts')],
    sequence: { setupFiles: 'list' },
    env: { NEBIUS_API_KEY: '', NEBIUS_BASE_URL: '', OPENAPI_URL: '' },
    testTimeout: 30_000,
    onUnhandledError(error) {
      // nock, once loaded, stays in the process, and lets a write to a closed socket reject.
      if ('code' in error && error['code'] === 'EPIPE') return false
      // What came from there can't be printed as it is, which Stryker does.
      error.toString = () => error.message
      return undefined
    },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
})
