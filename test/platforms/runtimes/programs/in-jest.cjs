const main = require('nebius-rerank')
const adapter = require('nebius-rerank/ai-sdk')
const bulk = require('nebius-rerank/bulk')
const local = require('nebius-rerank/local')
const { createNodeFetch } = require('nebius-rerank/node')
// Jest runs CommonJS.
const { smoke } = require(process.env['SMOKE'] ?? '')
// Jest's own.
const { expect, test } = /** @type {any} */ (globalThis)

const endpoint = process.env['ENDPOINT'] ?? ''
const facts = process.env['FACTS']
/** @type {[name: string, fetch: import('nebius-rerank').Fetch | undefined][]} */
const fetches = [
  // In jsdom there is none, as in its pages of old.
  ...(typeof fetch === 'undefined' ? [] : [/** @type {[string, undefined]} */ (['fetch', undefined])]),
  ['createNodeFetch', createNodeFetch()],
  ['node-fetch', require('node-fetch2')],
]

test.each(fetches)('what the package does over %s', async (name, fetch) => {
  /** @type {unknown[]} */
  const lines = []
  const smoked = smoke(
    { main, adapter, bulk, local },
    `${endpoint}-${name}`,
    (line) => lines.push(line),
    fetch,
  )
  // The embedded endpoint stands on the classes of fetch.
  if (typeof Request === 'undefined') await expect(smoked).rejects.toThrow('Request is not defined')
  else await smoked
  expect(lines.map((line) => `${line}\n`).join('')).toBe(facts)
})

test.each(fetches)('what fails beneath %s', async (_, fetch) => {
  const client = main.createRerankClient({
    apiKey: 'key',
    baseUrl: process.env['NOBODY'],
    maxRetries: 0,
    dangerouslyAllowBrowser: true,
    fetch,
  })
  const error = await client.rank('q', ['a']).catch((/** @type {unknown} */ error) => error)
  expect(main.isRerankError(error, 'connection')).toBe(true)
  expect(error).toMatchObject({
    code: 'ECONNREFUSED',
    message: expect.stringContaining('connect ECONNREFUSED'),
  })
  expect(error.cause).toBeDefined()
})
