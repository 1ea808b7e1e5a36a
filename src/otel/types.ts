/** Attributes of a span or a measurement. */
export type Attributes = Record<string, string | number | boolean>

/** The part of a tracer of `@opentelemetry/api` that is used. */
export interface Tracer {
  /** Starts a span as a child of the active one. */
  startSpan(name: string, options: { kind: number; attributes: Attributes }): Span
  /** Starts a span, and runs a function in which it is the active one. */
  startActiveSpan<Result>(
    name: string,
    options: { kind: number; attributes: Attributes },
    run: (span: Span) => Result,
  ): Result
}

/** The part of a span that is used. */
export interface Span {
  /** Adds attributes. */
  setAttributes(attributes: Attributes): unknown
  /** Sets the status: 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown
  /** Ends the span. */
  end(): void
}

/** The part of a meter of `@opentelemetry/api` that is used. */
export interface Meter {
  /** Makes a histogram. */
  createHistogram(name: string, options: { unit: string; description: string }): Histogram
  /** Makes a counter. */
  createCounter(name: string, options: { unit: string; description: string }): Counter
}

/** The part of a histogram that is used. */
export interface Histogram {
  /** Records a value. */
  record(value: number, attributes: Attributes): void
}

/** The part of a counter that is used. */
export interface Counter {
  /** Adds a value. */
  add(value: number, attributes: Attributes): void
}

/** Options of `withTelemetry`. */
export interface TelemetryOptions {
  /** The tracer for the spans: `trace.getTracer('my-service')`. @default undefined: no spans */
  tracer?: Tracer | undefined
  /** The meter for the metrics: `metrics.getMeter('my-service')`. @default undefined: no metrics */
  meter?: Meter | undefined
  /** Records the query, the documents and error messages in the spans, where other people may read them. @default false */
  texts?: boolean | undefined
}
