export { withTelemetry } from './with-telemetry.ts'
export type {
  Attributes,
  Counter,
  Histogram,
  Meter,
  Span,
  TelemetryOptions,
  Tracer,
} from './with-telemetry.ts'
