import { request } from 'undici'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return async (query, documents, signal) => {
    const body = JSON.stringify({ model, query, documents })
    const response = await request(`${baseUrl}/v1/rerank`, { method: 'POST', headers, body, signal })
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`)
    return response.body.json()
  }
}
