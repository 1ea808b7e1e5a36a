import { specsBeside } from '../helpers/specs.ts'

// Run by `npm test -- adapters`, with the frameworks.
export default specsBeside(import.meta.url, {
  setupFiles: ['loopback-only.ts'],
  env: {
    MASTRA_TELEMETRY_DISABLED: '1',
    LANGSMITH_TRACING: 'false',
    LANGCHAIN_TRACING_V2: 'false',
    OTEL_SDK_DISABLED: 'true',
  },
  restoreMocks: true,
})
