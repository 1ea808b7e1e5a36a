import { isRerankError } from '../index.ts'
import type { FallbackScorer, RerankClient } from '../index.ts'
import { isForSomebody } from '../shared/fallback-rule.ts'
import { property } from '../shared/property.ts'
import { invalid, isFunction } from '../shared/validate.ts'

/**
 * Makes a `fallback` for `client.rank` that asks other clients for the scores, one after another, in the time that
 * remains. If all clients fail, `'keep-order'` as the last step keeps the original order. Without it, the call rejects
 * with its original error. For a 401 or a 402, also of another client, the call always rejects.
 *
 * The other clients receive the query and the texts, and use their own model, headers and limits.
 *
 * @throws TypeError for no step, one that is neither a client nor `'keep-order'`, or one after `'keep-order'`
 * @example
 * const ranked = await client.rank(query, texts, {
 *   deadlineMs: 500,
 *   timeoutMs: 200,
 *   fallback: fallbackTo(clientOfAnotherRegion, 'keep-order'),
 * })
 */
export function fallbackTo(...steps: readonly (RerankClient | 'keep-order')[]): FallbackScorer {
  if (steps.length === 0) throw new TypeError("steps must be one or more clients, or 'keep-order', got none")
  steps.forEach((step, place) => {
    const isStep = step === 'keep-order' || isFunction(property(step, 'rank'))
    if (!isStep) invalid(`steps[${place}]`, "a client or 'keep-order'", step)
    if (step === 'keep-order' && place < steps.length - 1)
      throw new TypeError(`steps[${place}] must be a client: only the last step may be 'keep-order'`)
  })
  return async (error, { query, texts, signal, remainingMs }) => {
    if (isForSomebody(error)) throw error
    const end = performance.now() + remainingMs
    for (const step of steps) {
      if (step === 'keep-order') return undefined
      const deadlineMs = end - performance.now()
      if (deadlineMs < 1) continue
      try {
        return await step.rank.withUsage(query, texts, { signal, deadlineMs, dedupe: false })
      } catch (next) {
        if (signal?.aborted || !isRerankError(next) || isForSomebody(next)) throw next
      }
    }
    throw error
  }
}
