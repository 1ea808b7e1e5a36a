import { createRerankClient } from '../../../src/index.ts'
import type { ClientOptions, RerankClient } from '../../../src/index.ts'
import { KEY } from '../../helpers/rerank.ts'
import type { Prism } from './prism.ts'

/** A client of a Prism, or of what is before it, that does not retry. */
export function clientOf({ url }: Pick<Prism, 'url'>, options: ClientOptions = {}): RerankClient {
  return createRerankClient({ baseUrl: url, apiKey: KEY, maxRetries: 0, ...options })
}

/** What Prism answers to all that keeps the contract is the contract's example, which has these documents. */
export const QUERY = 'What is the capital of Serbia?'
export const TEXTS = ['Amsterdam', 'Belgrade', "Shrek's swamp"]
export const REQUEST = { query: QUERY, documents: TEXTS }
