// The floor: what Node itself takes, and JSON.
import { Agent, request } from 'node:http'

/** @type {import('./caller.d.ts').Create} */
export function create({ baseUrl, key, model }) {
  const agent = new Agent({ keepAlive: true })
  return (query, documents, signal) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ model, query, documents })
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${key}`,
      }
      const sent = request(`${baseUrl}/v1/rerank`, { method: 'POST', agent, headers, signal })
      sent.on('error', reject).on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text))
          else reject(new Error(`answered ${response.statusCode}`))
        })
      })
      sent.end(body)
    })
}
