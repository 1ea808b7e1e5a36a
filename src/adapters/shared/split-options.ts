import { createRerankClient } from '../../index.ts'
import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../../index.ts'
import { property } from '../../shared/property.ts'
import { readProperties } from '../../shared/read-properties.ts'
import { assertObject, invalid, isFunction } from '../../shared/validate.ts'

/** Options of a ranking. All other options are those of a client. */
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
 * Divides an adapter's options: an existing client, or a new one with their client options, and the options of rankings.
 * @throws TypeError for an invalid client, or an invalid option of one
 */
export function splitOptions<Item>(options: ClientOrOptions & RankOptions<Item> & UnscoredOptions): {
  client: RerankClient
  ranking: RankOptions<Item> & UnscoredOptions
} {
  assertObject('options', options)
  const { client, ...given } = readProperties(options)
  // With an existing client, all options are those of its calls.
  if (client !== undefined) {
    if (!isFunction(property(client, 'rank')))
      invalid('client', 'a client made by createRerankClient', client)
    return { client: client as RerankClient, ranking: given }
  }
  const names = new Set<string>(OF_RANKING)
  const [ranking, rest] = [true, false].map((isRanking) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name) === isRanking)),
  )
  return { client: createRerankClient(rest), ranking: ranking ?? {} }
}
