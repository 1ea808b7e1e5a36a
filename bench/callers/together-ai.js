import Together from 'together-ai'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const client = new Together({ baseURL: `${baseUrl}/v1`, apiKey: key })
  return (query, documents, signal) => client.rerank.create({ model, query, documents }, { signal })
}
