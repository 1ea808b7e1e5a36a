/* eslint @typescript-eslint/explicit-module-boundary-types: off -- the types are in JSDoc */

/** @typedef {{ live: boolean, needsKey: boolean, model: string, baseUrl: string, spec: string }} Settings */
/** @typedef {{ model: string, query: string, documents: readonly string[] }} Request */
/** @typedef {{ results: { index: number, relevance_score: number }[], model: string, usage?: { total_tokens: number } }} Answer */

/** A failure that is worded for the reader. */
export class Failure extends Error {}

/**
 * Sends a request to the server that the page came from.
 * @param {Request} request
 * @param {string} key
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function send(request, key, signal) {
  const response = await fetch('/v1/rerank', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key === '' ? 'page' : key}` },
    body: JSON.stringify(request),
    signal,
  }).catch((/** @type {unknown} */ error) => {
    if (signal.aborted) throw error
    throw new Failure('The server can’t be reached. Is `nebius-rerank serve` still running?', {
      cause: error,
    })
  })
  /** @type {unknown} */
  const body = await response.json().catch(() => undefined)
  if (!response.ok) throw new Failure(sentenceFor(response, body))
  if (!isAnswer(body)) throw new Failure('The server answered with something that is no ranking.')
  return body
}

/**
 * @param {Request} request
 * @param {Settings} settings
 */
export function asCurl(request, { baseUrl }) {
  const json = JSON.stringify(request, null, 2).replaceAll("'", String.raw`'\''`)
  return [
    `curl ${baseUrl}/v1/rerank \\`,
    `  -H 'content-type: application/json' \\`,
    `  -H "authorization: Bearer $NEBIUS_API_KEY" \\`,
    `  -d '${json}'`,
  ].join('\n')
}

/**
 * @param {Request} request
 * @param {Settings} settings
 */
export function asTypeScript({ query, documents }, { baseUrl, live }) {
  const options = live ? '' : `{ baseUrl: '${baseUrl}', apiKey: 'local' }`
  return [
    "import { createRerankClient } from 'nebius-rerank'",
    '',
    `const client = createRerankClient(${options})${live ? ' // with the key in NEBIUS_API_KEY' : ''}`,
    'const { results } = await client.rerank({',
    `  query: ${JSON.stringify(query)},`,
    '  documents: [',
    ...documents.map((document) => `    ${JSON.stringify(document)},`),
    '  ],',
    '})',
    'for (const { index, relevance_score } of results) console.log(relevance_score, index)',
  ].join('\n')
}

/**
 * @param {Response} response
 * @param {unknown} body
 */
function sentenceFor({ status, headers }, body) {
  const said = saidIn(body)
  const wait = Number(headers.get('retry-after') ?? NaN)
  if (status === 401) return 'The server wants another key. Type it in the field for it.'
  if (status === 402) return 'The account has no credit left.'
  if (status === 404) return `The service does not know this. ${said}`
  if (status === 413)
    return 'That is more than the server takes at once. Send fewer documents, or shorter ones.'
  if (status === 422 || status === 400) return `The service did not accept the request. ${said}`
  if (status === 429) {
    return wait > 0
      ? `Too many requests. Try again in ${wait} seconds.`
      : 'Too many requests. Try again soon.'
  }
  if (status >= 500) return `The service failed with ${status}. ${said} Try again.`
  return `The service refused with ${status}. ${said}`
}

/**
 * @param {unknown} body
 * @returns {string}
 */
function saidIn(body) {
  const detail = at(body, 'detail') ?? at(at(body, 'error'), 'message') ?? at(body, 'error')
  if (typeof detail === 'string') return /[.!?]$/.test(detail) ? detail : `${detail}.`
  if (!Array.isArray(detail)) return ''
  const faults = detail
    .slice(0, 3)
    .map(
      (/** @type {unknown} */ fault) =>
        `${[at(fault, 'loc')].flat().join('.')}: ${String(at(fault, 'msg'))}.`,
    )
  return faults.join(' ')
}

/**
 * @param {unknown} body
 * @returns {body is Answer}
 */
function isAnswer(body) {
  const results = at(body, 'results')
  return (
    Array.isArray(results) &&
    results.every(
      (/** @type {unknown} */ each) =>
        Number.isInteger(at(each, 'index')) && Number.isFinite(at(each, 'relevance_score')),
    )
  )
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {unknown}
 */
function at(value, key) {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
