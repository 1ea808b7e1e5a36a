import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Run by `npm run test:types`. The names end in `.spec.ts`, so that the tests of the package itself, which are run
// without these compilers, do not take them for theirs.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxConcurrency: 2,
  },
})
