import { createRerankClient } from 'nebius-rerank'
import { createRateLimiter, rankMany } from 'nebius-rerank/bulk'
import type { RankJob, RankOutcome, RateLimiterState } from 'nebius-rerank/bulk'

const rateLimiter = createRateLimiter({ requestsPerMinute: 600, tokensPerMinute: undefined })
const client = createRerankClient({ apiKey: 'key', rateLimiter })
export const state: RateLimiterState = rateLimiter.state

const jobs: (RankJob & { id: number })[] = [{ id: 1, query: 'q', documents: ['a'] }]

export async function best(): Promise<string[]> {
  const texts: string[] = []
  for await (const { job, ranked, error } of rankMany(client, jobs, { ordered: true, concurrency: 2 })) {
    if (error) texts.push(`${job.id.toFixed()} ${String(error)}`)
    else texts.push(ranked[0]?.item ?? '')
  }
  return texts
}

const products = [{ query: 'q', items: [{ name: 'a' }] }]
export const outcomes: AsyncIterable<RankOutcome<(typeof products)[number]>> = rankMany(client, products, {
  text: ({ name }) => name,
})

// @ts-expect-error items that are no strings need their text
rankMany(client, products)
// @ts-expect-error a job has a query
rankMany(client, [{ documents: ['a'] }])
// @ts-expect-error a rate is a number
createRateLimiter({ requestsPerMinute: '600' })
