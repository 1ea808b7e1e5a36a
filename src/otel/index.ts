export { withTelemetry } from './with-telemetry.ts'
export type { Attributes, Meter, Span, TelemetryOptions, Tracer } from './with-telemetry.ts'
