import { createRerankClient } from '../../index.ts'
import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../../index.ts'
import { readProperties } from '../../shared/read-properties.ts'

/** Options that only a ranking has; all others are a client's. */
const OF_RANKING = [
  'text',
  'fields',
  'topN',
  'minScore',
  'serviceTier',
  'user',
  'maxDocumentsPerRequest',
  'maxTokensPerRequest',
  'concurrency',
  'blank',
  'dedupe',
  'onProgress',
  'fallback',
  'onlyFirst',
  'signal',
] as const satisfies readonly (keyof (RankOptions<unknown> & UnscoredOptions))[]

/**
 * Takes an adapter's options apart: the client that was given, or one of its options, and the options of its rankings.
 * @throws TypeError for an invalid option of a client
 */
export function splitOptions<Item>(options: ClientOrOptions & RankOptions<Item> & UnscoredOptions): {
  client: RerankClient
  ranking: RankOptions<Item> & UnscoredOptions
} {
  const { client, ...given } = readProperties(options)
  // Of a client that was given, all options are of its calls.
  if (client !== undefined) return { client: client as RerankClient, ranking: given }
  const names = new Set<string>(OF_RANKING)
  const [ranking, rest] = [true, false].map((isRanking) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name) === isRanking)),
  )
  return { client: createRerankClient(rest), ranking: ranking ?? {} }
}
