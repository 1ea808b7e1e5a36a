import { Inngest, NonRetriableError, RetryAfterError } from 'inngest'
import { createRerankClient, isRerankError, isRetryable } from 'nebius-rerank'

// Inngest retries a function itself.
const client = createRerankClient({ maxRetries: 0 })
const inngest = new Inngest({ id: 'search' })

export const rankJob = inngest.createFunction(
  { id: 'rank-job', retries: 8, concurrency: 16, triggers: [{ event: 'search/rank' }] },
  async ({ event }) => {
    const { id, query, documents } = event.data as { id: string; query: string; documents: string[] }
    try {
      const ranked = await client.rank(query, documents, { signal: AbortSignal.timeout(60_000) })
      return { id, results: ranked.map(({ index, score }) => ({ index, score })) }
    } catch (error) {
      if (isRerankError(error) && error.retryAt) {
        throw new RetryAfterError(error.message, error.retryAt, { cause: error })
      }
      if (isRerankError(error) && isRetryable(error)) throw error
      throw new NonRetriableError(String(error), { cause: error })
    }
  },
)
