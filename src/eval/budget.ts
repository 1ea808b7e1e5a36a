import { estimateRequestTokens } from '../bulk/index.ts'
import { invalid } from '../shared/validate.ts'

/** A request does not fit in the budget of tokens, so it is not sent. */
export class BudgetError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'BudgetError' })
  }
}

/** The tokens that several requests may use together. {@link createTokenBudget} makes it. */
export interface TokenBudget {
  /** The tokens used so far. They are counted by the service, or else estimated. */
  readonly used: number
  /**
   * Reserves tokens for a request. It resolves with a function: call it once after the request, with the tokens used, or
   * with `undefined` to return the reservation. It waits while other requests have reserved the remaining tokens.
   * @throws {@link BudgetError} if the request does not fit.
   */
  reserve(request: {
    query: string
    documents: readonly string[]
  }): Promise<(used: number | undefined) => void>
}

/**
 * Makes a budget of tokens. A reservation is an estimate, multiplied by the largest ratio of counted to estimated tokens
 * so far. The first request is sent alone, so that this ratio is known before the others.
 *
 * @example
 * const budget = createTokenBudget(1_000_000)
 * const release = await budget.reserve({ query, documents })
 * release((await client.rerank({ query, documents })).usage.total_tokens)
 * @throws TypeError unless `maxTokens` is a whole number, 1 or more.
 */
export function createTokenBudget(maxTokens: number): TokenBudget {
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    invalid('maxTokens', 'a whole number, 1 or more', maxTokens)
  }
  let used = 0
  let reserved = 0
  let inFlight = 0
  let excess: number | undefined
  let waiting: (() => void)[] = []

  const release = (): void => {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  return {
    get used() {
      return used
    },
    async reserve({ query, documents }) {
      const estimate = Math.max(estimateRequestTokens(query, documents), 1)
      for (;;) {
        const need = Math.ceil(estimate * (excess ?? 1))
        const fits = used + reserved + need <= maxTokens
        if (fits && (excess !== undefined || inFlight === 0)) {
          reserved += need
          inFlight += 1
          return once((tokens) => {
            reserved -= need
            inFlight -= 1
            // If the server counts no tokens, the estimate is used.
            if (tokens !== undefined) {
              used += tokens > 0 ? tokens : estimate
              excess = Math.max(excess ?? 0, tokens / estimate)
              if (tokens === 0) excess = Math.max(excess, 1)
            }
            release()
          })
        }
        if (inFlight === 0) throw new BudgetError(spent(used, need, maxTokens))
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}

function spent(used: number, need: number, maxTokens: number): string {
  const [spent, next, most] = [used, need, maxTokens].map((tokens) => tokens.toLocaleString('en'))
  return `${spent} tokens are used, and the next request needs about ${next}, which exceeds the budget of ${most} tokens`
}

function once<Argument>(callback: (argument: Argument) => void): (argument: Argument) => void {
  let isOver = false
  return (argument) => {
    if (!isOver) callback(argument)
    isOver = true
  }
}
