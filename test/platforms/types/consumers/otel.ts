import { createRerankClient } from 'nebius-rerank'
import { withTelemetry } from 'nebius-rerank/otel'
import type { TelemetryOptions } from 'nebius-rerank/otel'

export const telemetry: TelemetryOptions = { texts: true }
export const client = createRerankClient(withTelemetry({ apiKey: 'key' }, telemetry))

// @ts-expect-error a tracer makes spans
withTelemetry({ apiKey: 'key' }, { tracer: {} })
