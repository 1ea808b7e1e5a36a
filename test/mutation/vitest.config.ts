import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { FILES, NAME, WINGS } from './wings.js'
import { ShortestFirst } from './shortest-first.ts'
import { endResident, residentPool } from './resident-pool.ts'

/** They compare or generate for real: for mutants of the files that they are named for, and no others. */
const FOR_REAL = [
  ...['diff/index', 'diff/oasdiff/oasdiff', 'release/regenerate'],
  ...['cli/drift', 'cli/regen'],
].map((name) => `scripts/spec/${name}`)

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
    include: WINGS[NAME]?.tests ?? [],
    exclude: [
      ...configDefaults.exclude,
      'test/{architecture,package,readme,repository}.test.ts',
      'test/bulk/{simulated,unknown}-limit.test.ts',
      'test/local/random-requests.test.ts',
      'test/spec/diff/corpus.test.ts',
      'test/spec/diff/tables/involved.test.ts',
      'test/spec/codegen/hostile.test.ts',
      ...FOR_REAL.filter((file) => !FILES.includes(`${file}.ts`)).map((file) => `test/${file}.test.ts`),
    ],
    setupFiles: [beside('setup.ts')],
    sequence: { setupFiles: 'list', sequencer: ShortestFirst },
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
