// Node's fetch keeps a copy of every body that a redirect may ask for again, unless a redirect is an error.
/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return async (query, documents, signal) => {
    const body = JSON.stringify({ model, query, documents })
    const init = { method: 'POST', headers, body, signal, redirect: 'error' }
    const response = await fetch(`${baseUrl}/v1/rerank`, init)
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return response.json()
  }
}
