import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { OF_TIME } from './test/of-time.ts'
import { ONLY_ON_LINUX } from './test/only-on-linux.ts'

const excluded = [...configDefaults.exclude, ...(process.platform === 'linux' ? [] : ONLY_ON_LINUX)]

export default defineConfig({
  test: {
    // Tests of types, `*.test-d.ts`, are compiled by `npm run check -- types`: they fail where they don't compile.
    projects: [
      {
        extends: true,
        test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: [...excluded, ...OF_TIME] },
      },
      { extends: true, test: { name: 'time', include: OF_TIME, exclude: excluded, retry: 1 } },
    ],
    // Vitest leaves a processor free, which on two is half of them.
    maxWorkers: availableParallelism(),
    // Files share a process, which spares starting one and loading the compilers for each. So none replaces a module.
    isolate: false,
    setupFiles: ['test/helpers/shared-process.ts'],
    // A key in the developer's environment must not decide a test, nor be printed by one.
    env: { NEBIUS_API_KEY: '', NEBIUS_BASE_URL: '', OPENAPI_URL: '' },
    // Some tests compile or start processes, which a busy machine takes its time for.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By `--coverage`, once a week in CI: a floor, below which something has no test at all.
    coverage: {
      include: ['src/**/*.ts', 'scripts/spec/**/*.ts'],
      // Not measured are the command's start, which is a process of its own, the page, which runs in a browser, and what
      // the suites of adapters and queues test.
      exclude: [
        'src/{adapters,bullmq,generated,redis}/**',
        'src/cli/{queue,work}/**',
        'src/cli/bulk/on-queue.ts',
        'src/cli/index.ts',
        'src/cli/serve/page/**',
      ],
      reporter: ['text-summary'],
      reportsDirectory: 'coverage/lines',
      thresholds: { lines: 95, branches: 90 },
    },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
})
