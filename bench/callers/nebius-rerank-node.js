import { createRerankClient } from '../../dist/index.js'
import { createNodeFetch } from '../../dist/node/index.js'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const client = createRerankClient({ baseUrl, apiKey: key, model, fetch: createNodeFetch() })
  return (query, documents, signal) => client.rerank({ query, documents }, { signal })
}
