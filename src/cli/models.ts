import type { RerankClient } from '../index.ts'
import { property } from '../shared/property.ts'
import { get } from './get.ts'
import type { GetOptions, Got } from './get.ts'

/** A model that a service lists. */
export interface Model {
  id: string
  /** US dollars for a million tokens, where the service states a price. */
  pricePerMillion: number | undefined
}

/** Asks a client's service for its models. @throws what `fetch` throws */
export function getModels(client: RerankClient, options: GetOptions): Promise<Got> {
  return get(`${client.url.replace(/\/rerank$/, '/models')}?verbose=true`, options)
}

/** The models in the body of a response; `undefined` if there is no list of them. */
export function modelsIn(body: unknown): Model[] | undefined {
  const data = property(body, 'data')
  if (!Array.isArray(data)) return undefined
  return data.flatMap((model: unknown) => {
    const id = property(model, 'id')
    return typeof id === 'string' ? [{ id, pricePerMillion: priceIn(property(model, 'pricing')) }] : []
  })
}

/** Prices are dollars for one token, as text such as "0.00000001". */
function priceIn(pricing: unknown): number | undefined {
  const prompt = property(pricing, 'prompt')
  if (typeof prompt !== 'number' && (typeof prompt !== 'string' || prompt.trim() === '')) return undefined
  const price = Number(prompt)
  // A dollar for ten tokens is not a price, but another unit.
  return price >= 0 && price < 0.1 ? Number((price * 1e6).toPrecision(12)) : undefined
}
