import { tokensOf } from '../bulk/index.ts'
import { invalid } from '../shared/validate.ts'

/** A request that a budget does not allow, since it might have gone beyond it. */
export class BudgetError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'BudgetError' })
  }
}

/** Tokens that requests may use together; made by {@link createTokenBudget}. */
export interface TokenBudget {
  /** Tokens used so far, as the service counted them, or estimated where it does not. */
  readonly used: number
  /**
   * Reserves tokens for a request, and resolves with a function to call once when it is over, with the tokens that it
   * used; `undefined` gives the reservation back. Waits while other requests hold what may remain.
   * @throws {@link BudgetError} when the request does not fit.
   */
  reserve(request: {
    query: string
    documents: readonly string[]
  }): Promise<(used: number | undefined) => void>
}

/**
 * Makes a budget of tokens. Reservations are estimates, corrected by the greatest excess that the service has counted
 * so far; the first request goes alone, so that it is known before others leave.
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
      const estimate = Math.max(tokensOf(query, documents), 1)
      for (;;) {
        const need = Math.ceil(estimate * (excess ?? 1))
        const fits = used + reserved + need <= maxTokens
        if (fits && (excess !== undefined || inFlight === 0)) {
          reserved += need
          inFlight += 1
          return once((tokens) => {
            reserved -= need
            inFlight -= 1
            // A server that counts none leaves it to the estimate.
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
  return `${spent} tokens are used, and the next request needs about ${next}: more than the budget of ${most}`
}

function once<Argument>(callback: (argument: Argument) => void): (argument: Argument) => void {
  let isOver = false
  return (argument) => {
    if (!isOver) callback(argument)
    isOver = true
  }
}
