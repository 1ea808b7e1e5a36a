import { createRerankClient } from 'nebius-rerank'
import { createRankProcessor, rankOn } from 'nebius-rerank/bullmq'
import type { QueueLike, RankProcessor } from 'nebius-rerank/bullmq'

export const processor: RankProcessor = createRankProcessor(createRerankClient({ apiKey: 'key' }))

export async function best(queue: QueueLike): Promise<string[]> {
  const texts: string[] = []
  for await (const { job, ranked, error } of rankOn(queue, [{ id: 'a', query: 'q', documents: ['a'] }])) {
    texts.push(error ? `${job.id} ${error.message}` : (ranked[0]?.item ?? ''))
  }
  return texts
}

// @ts-expect-error a job has a query
rankOn({} as QueueLike, [{ id: 'a', documents: ['a'] }])
