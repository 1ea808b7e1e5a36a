import { property } from '../shared/property.ts'
import { invalid } from '../shared/validate.ts'
import { CLASSES } from './classes.ts'
import type { ErrorClass, RerankErrorKind, RerankErrors } from './classes.ts'

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
  const Class = CLASSES.find(([each]) => each === kind)?.[2]
  if (!Class) invalid('kind', "an error's, as its toJSON() gives it", kind)
  // Others that write JSON put null where there is nothing.
  const facts = Object.fromEntries(
    Object.keys(FACTS).map((name) => [name, property(json, name) ?? undefined]),
  )
  assertFacts(facts)
  const retryAt = new Date(property(json, 'retryAt') as string)
  const { message, ...details } = facts
  return new Class(message, { ...details, retryAt: Number(retryAt) ? retryAt : undefined })
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

/** Checks the types of facts. A `limit` is that of a time-out, whose class alone has one. */
function assertFacts(
  facts: Record<string, unknown>,
): asserts facts is { message: string } & ConstructorParameters<ErrorClass>[1] {
  for (const [name, type] of Object.entries(FACTS)) {
    const value = facts[name]
    const isOfType = type === (Array.isArray(value) ? 'array' : typeof value)
    if (!isOfType && (value !== undefined || REQUIRED.includes(name))) invalid(name, `of type ${type}`, value)
  }
}
