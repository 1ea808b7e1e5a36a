import { property } from '../shared/property.ts'
import { invalid } from '../shared/validate.ts'
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RerankConnectionError,
  RerankError,
  RerankResponseError,
  RerankTimeoutError,
  ServerError,
} from './classes.ts'
import type { RerankErrorKind, RerankErrors } from './classes.ts'

/**
 * Makes an error of its class again from the result of its `toJSON`, as it comes out of a worker, a queue or a log:
 * `structuredClone(error)` and `postMessage(error)` keep the message and little else. The stack is a new one; headers,
 * body, cause and items are not in the JSON. Of the JSON, facts that an error may have are taken, by name and type.
 *
 * @throws TypeError for anything that is not the JSON of an error of this package
 * @example
 * // In the worker: parentPort.postMessage(error.toJSON())
 * worker.on('message', (json) => {
 *   const error = rerankErrorFrom(json)
 *   if (isRerankError(error, 'rate_limit')) setTimeout(again, error.retryAfterMs ?? 1000)
 * })
 */
export function rerankErrorFrom(json: unknown): RerankErrors[RerankErrorKind] {
  const kind = property(json, 'kind')
  const Class = CLASSES.find(({ prototype }) => prototype.kind === kind) ?? circuitOpen(kind)
  if (!Class) invalid('kind', "an error's, as its toJSON() gives it", kind)
  const found: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(FACTS)) {
    // Others that write JSON put null where there is nothing.
    const value = property(json, name) ?? undefined
    const isOfType = type === (Array.isArray(value) ? 'array' : typeof value)
    if (!isOfType && (value !== undefined || REQUIRED.includes(name))) invalid(name, `of type ${type}`, value)
    found[name] = value
  }
  const { message, ...facts } = found
  const retryAt = new Date(property(json, 'retryAt') as string)
  return new Class(message as string, { ...facts, retryAt: Number(retryAt) ? retryAt : undefined } as never)
}

const CLASSES = [
  BadRequestError,
  AuthenticationError,
  PaymentRequiredError,
  PermissionDeniedError,
  NotFoundError,
  RateLimitError,
  ServerError,
  RerankConnectionError,
  RerankTimeoutError,
  RerankResponseError,
]

/** The class of the breaker's error, which is made where it is needed. */
function circuitOpen(kind: unknown) {
  if (kind !== 'circuit_open') return undefined
  return class extends RerankError {
    static {
      Object.defineProperties(this.prototype, { name: { value: 'CircuitOpenError' }, kind: { value: kind } })
    }
    declare readonly kind: 'circuit_open'
    declare readonly name: 'CircuitOpenError'
  }
}

/** The facts in the JSON of an error, by type. */
const FACTS = {
  message: 'string',
  attempts: 'number',
  status: 'number',
  requestId: 'string',
  inferenceId: 'string',
  retryAfterMs: 'number',
  part: 'string',
  issues: 'array',
  rateLimit: 'object',
  code: 'string',
  limit: 'string',
  truncated: 'boolean',
}

const REQUIRED = ['message', 'attempts']
