import { createRerankClient } from 'nebius-rerank'
import { breaker, cache, fallbackTo, instruction, longDocuments } from 'nebius-rerank/middleware'
import type { CacheStore, StoredScore } from 'nebius-rerank/middleware'

const store: CacheStore = new Map<string, StoredScore>()
const use = [longDocuments({ maxTokens: 1000 }), instruction('Find it'), cache({ store }), breaker()]
const client = createRerankClient({ apiKey: 'key', use })
const other = createRerankClient({ apiKey: 'key' })

export async function best(): Promise<string | undefined> {
  const [first] = await client.rank('q', ['a'], { fallback: fallbackTo(other, 'keep-order') })
  return first?.score === undefined ? undefined : first.item
}

// @ts-expect-error a cache has a store
cache({})
// @ts-expect-error a mode is one of two
longDocuments({ mode: 'split' })
