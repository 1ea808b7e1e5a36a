/**
 * Spans and metrics by OpenTelemetry.
 *
 * @module nebius-rerank/otel
 */

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
