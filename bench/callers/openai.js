// It has no rerank, but a post of whatever one likes.
import OpenAI from 'openai'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: key })
  return (query, documents, signal) => client.post('/rerank', { body: { model, query, documents }, signal })
}
