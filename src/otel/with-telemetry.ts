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
import { property } from '../shared/property.ts'
import { assertObject, invalid, isFunction } from '../shared/validate.ts'
import type { Attributes, Span, TelemetryOptions, Tracer } from './types.ts'

/** OpenTelemetry's numbers. */
const CLIENT_KIND = 2
const ERROR_STATUS = 2

/**
 * Adds OpenTelemetry spans and metrics to the options of a client. Each logical request has a span, and each attempt has
 * a child span, with the attributes of OpenInference (`RERANKER`) and `gen_ai`. The metrics are duration, tokens and
 * errors. Pass a tracer, a meter, or both. The middleware is the outermost one, and your own hooks are also called.
 *
 * @throws TypeError for an invalid tracer or meter
 * @example
 * import { metrics, trace } from '@opentelemetry/api'
 *
 * const telemetry = { tracer: trace.getTracer('search'), meter: metrics.getMeter('search') }
 * const client = createRerankClient(withTelemetry({ use: [cache({ store })] }, telemetry))
 */
export function withTelemetry(options: ClientOptions, telemetry: TelemetryOptions): ClientOptions {
  assertObject('telemetry', telemetry)
  const { tracer, meter, texts = false } = telemetry
  if (tracer && !isFunction(property(tracer, 'startActiveSpan')))
    invalid('tracer', 'an OpenTelemetry tracer', tracer)
  if (meter && !isFunction(property(meter, 'createHistogram')))
    invalid('meter', 'an OpenTelemetry meter', meter)
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
      span?.setAttributes(ofResponse(response.body, texts ? request.documents : [], context.mask))
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
  const outermost: Middleware = (request, next, context) =>
    tracer
      ? tracer.startActiveSpan(
          `rerank ${request.model}`,
          { kind: CLIENT_KIND, attributes: ofRequest(request, texts) },
          async (span) => run(request, next, context, span),
        )
      : run(request, next, context)

  const use = [outermost, ...(options.use ?? [])]
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
  texts: readonly string[],
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
  results.forEach(({ index, relevance_score }, place) => {
    const name = `reranker.output_documents.${place}.document`
    attributes[`${name}.id`] = String(index)
    attributes[`${name}.score`] = relevance_score
    // The caller's own, and not as the server echoed it.
    const text = texts[index]
    if (text !== undefined) attributes[`${name}.content`] = text
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
