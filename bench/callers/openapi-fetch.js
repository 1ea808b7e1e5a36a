import createClient from 'openapi-fetch'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const client = createClient({ baseUrl, headers: { authorization: `Bearer ${key}` } })
  return async (query, documents, signal) => {
    const { data, response } = await client.POST('/v1/rerank', { body: { model, query, documents }, signal })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return data
  }
}
