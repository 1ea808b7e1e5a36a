import type { ClientOptions, RerankRequest } from '../index.ts'
import { estimateUsage, rankDocuments } from '../local/words/index.ts'

type Fetch = NonNullable<ClientOptions['fetch']>

const NO_HEADERS = { get: () => null, [Symbol.iterator]: () => [].values() }

/**
 * Ranks as the embedded endpoint does, without what makes that an endpoint: its contract, and the `Response` that loads
 * all of Node's fetch, take a process longer than ranking does. What comes in is of a client, which has checked it.
 */
export const localFetch: Fetch = Object.assign(
  async (_: string, { body, signal }: Parameters<Fetch>[1]): ReturnType<Fetch> => {
    const { model, query, documents } = JSON.parse(body) as RerankRequest & { model: string }
    const results = await rankDocuments(query, documents, signal)
    const response = { id: 'rerank-local', model, usage: estimateUsage(query, documents), results }
    return { ok: true, status: 200, headers: NO_HEADERS, text: async () => JSON.stringify(response) }
  },
  { direct: true, apiKey: 'local' },
)
