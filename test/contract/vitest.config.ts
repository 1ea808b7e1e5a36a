import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Run by `npm run test:contract`. The names end in `.spec.ts`, so that the tests of the package itself, which are
// run without Prism, do not take them for theirs.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.spec.ts'],
    env: { NEBIUS_API_KEY: '', NEBIUS_BASE_URL: '' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
