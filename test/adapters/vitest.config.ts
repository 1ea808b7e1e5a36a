import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Run by `npm run test:adapters`. The names end in `.spec.ts`, so that the tests of the package itself, which are
// run without the frameworks, do not take them for theirs.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['**/*.spec.ts'],
    setupFiles: ['loopback-only.ts'],
    env: {
      NEBIUS_API_KEY: '',
      NEBIUS_BASE_URL: '',
      MASTRA_TELEMETRY_DISABLED: '1',
      LANGSMITH_TRACING: 'false',
      LANGCHAIN_TRACING_V2: 'false',
      OTEL_SDK_DISABLED: 'true',
    },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
})
