/**
 * OpenTelemetry spans and metrics for a client.
 *
 * @module nebius-rerank/otel
 */

export { withTelemetry } from './with-telemetry.ts'
export type { Attributes, Counter, Histogram, Meter, Span, TelemetryOptions, Tracer } from './types.ts'
