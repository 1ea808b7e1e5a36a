import type PgBoss from 'pg-boss'
import { isRerankError, isRetryable } from 'nebius-rerank'
import type { RerankClient } from 'nebius-rerank'

interface RankJob {
  id: string
  query: string
  documents: string[]
}

/** Ranks jobs of the queue `rerank`, 16 at once, until `signal` aborts. */
export async function workOn(boss: PgBoss, client: RerankClient, signal: AbortSignal): Promise<void> {
  await boss.createQueue('rerank', { name: 'rerank', retryLimit: 8, retryDelay: 1, retryBackoff: true })
  const rankOne = async ({ id, data }: PgBoss.Job<RankJob>): Promise<void> => {
    const { query, documents } = data
    try {
      const ranked = await client.rank(query, documents, { signal })
      const results = ranked.map(({ index, score }) => ({ index, score }))
      await boss.complete('rerank', id, { id: data.id, results })
    } catch (error) {
      if (isRerankError(error, 'rate_limit')) {
        // A new job, so that the wait uses up no attempt.
        await boss.send('rerank', data, { startAfter: error.retryAt ?? 1 })
        await boss.complete('rerank', id)
      } else if (signal.aborted || (isRerankError(error) && isRetryable(error))) {
        await boss.fail('rerank', id, { reason: String(error) })
      } else {
        await boss.complete('rerank', id, { id: data.id, error: String(error) })
      }
    }
  }
  const workerId = await boss.work<RankJob>('rerank', { batchSize: 16 }, async (jobs) => {
    await Promise.all(jobs.map(rankOne))
  })
  signal.addEventListener('abort', () => void boss.offWork({ id: workerId }))
}
