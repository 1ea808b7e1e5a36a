import { isRerankError } from '../index.ts'
import type {
  ClientOptions,
  Hooks,
  Middleware,
  MiddlewareContext,
  ModelRequest,
  ScoredResponse,
} from '../index.ts'
import { fallsBack } from '../shared/fallback-rule.ts'

/** Attributes of a span or a measurement. */
export type Attributes = Record<string, string | number | boolean>

/** A tracer of `@opentelemetry/api`, as far as it is called. */
export interface Tracer {
  /** Starts a span within the active one. */
  startSpan(name: string, options: { kind: number; attributes: Attributes }): Span
  /** Starts a span and makes it the active one of a function. */
  startActiveSpan<Result>(
    name: string,
    options: { kind: number; attributes: Attributes },
    run: (span: Span) => Result,
  ): Result
}

/** A span, as far as it is called. */
export interface Span {
  /** Adds attributes. */
  setAttributes(attributes: Attributes): unknown
  /** Sets the status: 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown
  /** Ends it. */
  end(): void
}

/** A meter of `@opentelemetry/api`, as far as it is called. */
export interface Meter {
  /** Makes a histogram. */
  createHistogram(name: string, options: { unit: string; description: string }): Histogram
  /** Makes a counter. */
  createCounter(name: string, options: { unit: string; description: string }): Counter
}

/** A histogram, as far as it is called. */
export interface Histogram {
  /** Takes a value. */
  record(value: number, attributes: Attributes): void
}

/** A counter, as far as it is called. */
export interface Counter {
  /** Counts on. */
  add(value: number, attributes: Attributes): void
}

/** Options of {@link withTelemetry}. */
export interface TelemetryOptions {
  /** Makes the spans: `trace.getTracer('my-service')`. @default none */
  tracer?: Tracer | undefined
  /** Takes the measurements: `metrics.getMeter('my-service')`. @default none */
  meter?: Meter | undefined
  /** Puts query and documents into the spans, which others may read. @default false */
  texts?: boolean | undefined
}

/** OpenTelemetry's numbers. */
const CLIENT_KIND = 2
const ERROR_STATUS = 2

/**
 * Adds traces and metrics of OpenTelemetry to the options of a client. Each logical request has a span, with one for each
 * attempt in it, by the attributes of OpenInference (`RERANKER`) and of `gen_ai`. Duration, tokens and errors are
 * measured. Its middleware is the outermost, and hooks of your own are called as well. Nothing of OpenTelemetry is
 * imported: give it a tracer, a meter, or both.
 *
 * @example
 * import { metrics, trace } from '@opentelemetry/api'
 *
 * const telemetry = { tracer: trace.getTracer('search'), meter: metrics.getMeter('search') }
 * const client = createRerankClient(withTelemetry({ use: [cache({ store })] }, telemetry))
 */
export function withTelemetry(
  options: ClientOptions,
  { tracer, meter, texts = false }: TelemetryOptions,
): ClientOptions {
  const duration = meter?.createHistogram('gen_ai.client.operation.duration', {
    unit: 's',
    description: 'Duration of logical requests',
  })
  const usage = meter?.createHistogram('gen_ai.client.token.usage', {
    unit: '{token}',
    description: 'Tokens used by logical requests',
  })
  const errors = meter?.createCounter('nebius_rerank.client.errors', {
    unit: '{request}',
    description: 'Logical requests that failed',
  })
  const run = async (
    request: ModelRequest,
    next: Parameters<Middleware>[1],
    context: MiddlewareContext,
    span?: Span,
  ): ReturnType<Middleware> => {
    const started = performance.now()
    const common = { 'gen_ai.operation.name': 'rerank', 'gen_ai.request.model': request.model }
    let failure: Attributes = {}
    try {
      const response = await next(request)
      span?.setAttributes(ofResponse(response.body, texts, context.mask))
      span?.setAttributes({
        'nebius_rerank.attempts': response.attempts,
        ...(response.cached !== undefined && { 'nebius_rerank.cached': response.cached }),
      })
      const tokens = response.body.usage?.total_tokens
      if (tokens !== undefined) usage?.record(tokens, { ...common, 'gen_ai.token.type': 'input' })
      return response
    } catch (error) {
      failure = { 'error.type': kindOf(error, context.signal) }
      const isDegraded = isRerankError(error) && fallsBack(error, context.fallback)
      span?.setAttributes({ ...failure, ...(isDegraded && { 'nebius_rerank.degraded': true }) })
      if (isRerankError(error)) span?.setAttributes({ 'nebius_rerank.attempts': error.attempts })
      // The message may quote a text of the caller's.
      span?.setStatus({
        code: ERROR_STATUS,
        ...(texts && error instanceof Error && { message: error.message }),
      })
      errors?.add(1, { ...common, ...failure })
      throw error
    } finally {
      duration?.record((performance.now() - started) / 1000, { ...common, ...failure })
      span?.end()
    }
  }
  const telemetry: Middleware = (request, next, context) =>
    tracer
      ? tracer.startActiveSpan(
          `rerank ${request.model}`,
          { kind: CLIENT_KIND, attributes: ofRequest(request, texts) },
          async (span) => run(request, next, context, span),
        )
      : run(request, next, context)

  const use = [telemetry, ...(options.use ?? [])]
  return { ...options, use: tracer ? [...use, traceAttempts(tracer)] : use }
}

/** Makes the innermost middleware: a request that another one divides has a part for each that is sent. */
function traceAttempts(tracer: Tracer): Middleware {
  return async (request, next, { hooks, signal }) => {
    let span: Span | undefined
    const end = (error?: string): void => {
      if (error !== undefined) {
        span?.setAttributes({ 'error.type': error })
        span?.setStatus({ code: ERROR_STATUS })
      }
      span?.end()
      span = undefined
    }
    const own: Hooks = {
      onRequest({ url, attempt }) {
        const attributes = {
          'http.request.method': 'POST',
          'url.full': url,
          'http.request.resend_count': attempt - 1,
        }
        span = tracer.startSpan('POST /v1/rerank', { kind: CLIENT_KIND, attributes })
      },
      onResponse: ({ status }) => span?.setAttributes({ 'http.response.status_code': status }),
      onRetry: ({ kind, status = 0 }) => end(status >= 400 ? String(status) : kind),
    }
    try {
      const response = await next(request, { hooks: both(own, hooks) })
      end()
      return response
    } catch (error) {
      const { status = 0 } = isRerankError(error) ? error : {}
      end(status >= 400 ? String(status) : kindOf(error, signal))
      throw error
    }
  }
}

function kindOf(error: unknown, signal: AbortSignal | undefined): string {
  return isRerankError(error) ? error.kind : signal?.aborted === true ? 'aborted' : 'unknown'
}

function ofRequest({ query, documents, model }: ModelRequest, texts: boolean): Attributes {
  const attributes: Attributes = {
    'openinference.span.kind': 'RERANKER',
    'gen_ai.operation.name': 'rerank',
    'gen_ai.provider.name': 'nebius',
    'gen_ai.request.model': model,
    'reranker.model_name': model,
    'reranker.top_k': documents.length,
  }
  if (!texts) return attributes
  attributes['reranker.query'] = query
  documents.forEach((text, index) => {
    attributes[`reranker.input_documents.${index}.document.content`] = text
  })
  return attributes
}

function ofResponse(
  { id, model, usage, results }: ScoredResponse,
  texts: boolean,
  mask: MiddlewareContext['mask'],
): Attributes {
  const attributes: Attributes = {
    ...(typeof id === 'string' && { 'gen_ai.response.id': mask(id) }),
    ...(typeof model === 'string' && { 'gen_ai.response.model': mask(model) }),
    ...(usage && {
      'gen_ai.usage.input_tokens': usage.prompt_tokens,
      'llm.token_count.prompt': usage.prompt_tokens,
      'llm.token_count.total': usage.total_tokens,
    }),
  }
  results.forEach(({ index, relevance_score, document }, place) => {
    const name = `reranker.output_documents.${place}.document`
    attributes[`${name}.id`] = String(index)
    attributes[`${name}.score`] = relevance_score
    if (texts && document) attributes[`${name}.content`] = mask(document.text)
  })
  return attributes
}

/** Hooks that call these and those. */
function both(first: Hooks, second: Hooks): Hooks {
  return {
    ...second,
    onRequest(event) {
      first.onRequest?.(event)
      return second.onRequest?.(event)
    },
    onResponse(event) {
      first.onResponse?.(event)
      return second.onResponse?.(event)
    },
    onRetry(event) {
      first.onRetry?.(event)
      return second.onRetry?.(event)
    },
  }
}
