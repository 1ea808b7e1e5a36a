import { isRerankError } from '../index.ts'
import type { FallbackScorer, RerankClient } from '../index.ts'
import { isForSomebody } from '../shared/fallback-rule.ts'
import { property } from '../shared/property.ts'
import { invalid, isFunction } from '../shared/validate.ts'

/**
 * Makes a `fallback` of `client.rank` that asks other clients for the scores, one after another, each in the time that
 * remains. At `'keep-order'` the order given is kept; without it, the call rejects with its own error when all clients
 * fail. Like `'keep-order'`, it never stands in for a 401 or a 402, be it another client's.
 *
 * The other clients use their own model, headers and limits; they get the query and the texts.
 *
 * @throws TypeError for a step that is neither
 * @example
 * const ranked = await client.rank(query, texts, {
 *   deadlineMs: 500,
 *   timeoutMs: 200,
 *   fallback: fallbackTo(clientOfAnotherRegion, 'keep-order'),
 * })
 */
export function fallbackTo(...steps: readonly (RerankClient | 'keep-order')[]): FallbackScorer {
  steps.forEach((step, place) => {
    const isStep = step === 'keep-order' || isFunction(property(step, 'rank'))
    if (!isStep) invalid(`steps[${place}]`, "a client or 'keep-order'", step)
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
