// Its first version of the endpoint, since the second returns no documents.
import { CohereClient } from 'cohere-ai'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const client = new CohereClient({ environment: baseUrl, token: key })
  return (query, documents, abortSignal) =>
    client.rerank({ model, query, documents, returnDocuments: true }, { abortSignal })
}
