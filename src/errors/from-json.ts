import { property } from '../shared/property.ts'
import { invalid } from '../shared/validate.ts'
import { CLASSES } from './classes.ts'
import type { ErrorClass, RerankErrorKind, RerankErrors } from './classes.ts'

/**
 * Recreates an error from the result of its `toJSON`, for example in a worker or from a queue. `structuredClone(error)`
 * and `postMessage(error)` lose its class and facts. The new error has a new stack, and no headers, body, cause or items,
 * which are not in the JSON. Unknown properties of the JSON are ignored.
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
  const Class = CLASSES.find(([each]) => each === kind)?.[2]
  if (!Class) invalid('kind', 'the kind of an error, from its toJSON()', kind)
  const facts: Record<string, unknown> = {}
  for (const [name, example] of Object.entries(FACTS)) {
    // Others that write JSON put null where there is nothing.
    const value = property(json, name) ?? undefined
    const isRequired = name === 'message' || name === 'attempts' || (name === 'limit' && kind === 'timeout')
    if ((isRequired || value !== undefined) && !isLike(value, example)) {
      invalid(name, `such as ${JSON.stringify(example)}`, value)
    }
    facts[name] = value
  }
  const retryAt = new Date(property(json, 'retryAt') as string)
  const { message, ...details } = facts as { message: string } & ConstructorParameters<ErrorClass>[1]
  return new Class(message, { ...details, retryAt: Number(retryAt) ? retryAt : undefined })
}

const WINDOW = { limit: 60, remaining: 0, resetMs: 1000 }

/** The facts in the JSON of an error: an example of each. */
const FACTS = {
  message: '…',
  attempts: 1,
  status: 400,
  requestId: '…',
  inferenceId: '…',
  retryAfterMs: 1000,
  part: '2 of 5',
  issues: [{ path: '…', message: '…', type: '…' }],
  rateLimit: { requests: WINDOW, tokens: WINDOW, overLimit: true },
  code: '…',
  limit: 'deadlineMs',
  truncated: false,
}

/** Tells whether a value is of an example's shape; of an object that is not in a list, any property may be absent. */
function isLike(value: unknown, example: unknown, isWhole = false): boolean {
  if (Array.isArray(example)) {
    return Array.isArray(value) && value.every((each) => isLike(each, example[0], true))
  }
  if (typeof example === 'object') {
    return (
      typeof value === 'object' &&
      !Array.isArray(value) &&
      Object.entries(example ?? {}).every(([name, inner]) => {
        const own = property(value, name)
        return own === undefined ? !isWhole : isLike(own, inner)
      })
    )
  }
  if (typeof example === 'number') return Number.isFinite(value) && Number(value) >= 0
  if (typeof example === 'boolean') return value === example || value === true
  return example === FACTS.limit ? value === example || value === 'timeoutMs' : typeof value === 'string'
}
