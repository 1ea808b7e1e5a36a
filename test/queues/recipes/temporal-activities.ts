import { ApplicationFailure, cancellationSignal } from '@temporalio/activity'
import { createRerankClient, isRerankError, isRetryable } from 'nebius-rerank'

// Temporal retries an activity itself.
const client = createRerankClient({ maxRetries: 0 })

export async function rankJob(job: { id: string; query: string; documents: string[] }) {
  try {
    const ranked = await client.rank(job.query, job.documents, { signal: cancellationSignal() })
    return { id: job.id, results: ranked.map(({ index, score }) => ({ index, score })) }
  } catch (error) {
    if (!isRerankError(error)) throw error
    throw ApplicationFailure.create({
      message: error.message,
      type: error.name,
      nonRetryable: !isRetryable(error),
      details: [error.toJSON()],
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
    })
  }
}
