// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOptions } from '../index.js'

type Attributes = Record<string, string | number | boolean>

interface Counter {
  add(value: number, attributes: Attributes): void
}

interface Histogram {
  record(value: number, attributes: Attributes): void
}

interface Meter {
  createHistogram(
    name: string,
    options: {
      unit: string
      description: string
    },
  ): Histogram
  createCounter(
    name: string,
    options: {
      unit: string
      description: string
    },
  ): Counter
}

interface Span {
  setAttributes(attributes: Attributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

interface TelemetryOptions {
  tracer?: Tracer | undefined
  meter?: Meter | undefined
  texts?: boolean | undefined
}

interface Tracer {
  startSpan(
    name: string,
    options: {
      kind: number
      attributes: Attributes
    },
  ): Span
  startActiveSpan<Result>(
    name: string,
    options: {
      kind: number
      attributes: Attributes
    },
    run: (span: Span) => Result,
  ): Result
}

declare function withTelemetry(options: ClientOptions, telemetry: TelemetryOptions): ClientOptions

export {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type Span,
  type TelemetryOptions,
  type Tracer,
  withTelemetry,
}
