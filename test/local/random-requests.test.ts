import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import pinned from '../../openapi.json' with { type: 'json' }
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { RerankRequest } from '../../src/index.ts'
import { createLocalReranker } from '../../src/local/index.ts'
import { withReadablePatterns } from '../../src/local/patterns.ts'
import { valuesOf } from '../helpers/schema-values.ts'
import { spoiled } from '../helpers/spoil.ts'
import { MODEL, posting } from './endpoint.ts'

// 10,000 requests, made anew each time from the pinned contract; a failure names the seed that repeats it. Vitest
// fails a run in which a rejection goes unhandled. What a random request found must not be tried again until it passes.
const ONCE = { retry: 0, timeout: 120_000 }

const contract = withReadablePatterns(pinned)
const endpoint = createLocalReranker()
const client = createRerankClient({ fetch: endpoint, maxRetries: 0 })

const bodySchema = contract.paths['/v1/rerank'].post.requestBody.content['application/json'].schema
const admits = new Ajv2020({ strict: false, validateFormats: false })
  .addSchema(contract, 'contract')
  .compile({ $ref: 'contract#/paths/~1v1~1rerank/post/requestBody/content/application~1json/schema' })

/** Whatever the contract admits, of the model that the endpoint has. */
const requests = valuesOf(bodySchema, contract).map(
  (request) => ({ ...(request as RerankRequest), model: MODEL }) satisfies RerankRequest,
)
/** Most of these break the contract. */
const broken = spoiled(requests)

describe('requests that the contract admits', () => {
  it('rerank gives a permutation of the documents', ONCE, async () => {
    const property = fc.asyncProperty(requests, async (request) => {
      const { results } = await client.rerank(request)
      expect(results.map(({ index }) => index).sort(ascending)).toEqual([...request.documents.keys()])
      expect(results.map(({ document }) => document.text)).toEqual(
        results.map(({ index }) => request.documents[index]),
      )
    })
    await fc.assert(property, { numRuns: 4000 })
  })

  it('rank gives a permutation of those documents that are not blank', ONCE, async () => {
    const options = fc.record({
      maxDocumentsPerRequest: fc.integer({ min: 1, max: 5 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      dedupe: fc.boolean(),
    })
    const property = fc.asyncProperty(requests, options, async ({ query, documents }, chosen) => {
      const ranked = await client.rank(query, documents, chosen)
      expect(ranked.map(({ index }) => index).sort(ascending)).toEqual(
        [...documents.keys()].filter((index) => documents[index]?.trim() !== ''),
      )
      expect(ranked.map(({ item }) => item)).toEqual(ranked.map(({ index }) => documents[index]))
    })
    await fc.assert(property, { numRuns: 2000 })
  })
})

describe('requests that break the contract', () => {
  it('are a TypeError or a 422 to a client, and nothing else is', ONCE, async () => {
    const property = fc.asyncProperty(broken, async (request) => {
      const outcome = await client.rerank(request as RerankRequest).then(() => 'answered', nameOf)
      // The client fills in the model, and wants it to have a name.
      const filled = { model: MODEL, ...request }
      const isAdmitted = admits(filled) && filled.model !== ''
      expect(isAdmitted ? ['answered', 404] : ['TypeError', 422]).toContain(outcome)
    })
    await fc.assert(property, { numRuns: 2000 })
  })

  it('are a 422 to whoever posts them, and nothing else is', ONCE, async () => {
    const bodies = fc.oneof(broken, fc.jsonValue(), requests)
    const property = fc.asyncProperty(bodies, async (body) => {
      const { status } = await endpoint('http://local.test/v1/rerank', posting(JSON.stringify(body)))
      expect(admits(body) ? [200, 404] : [422]).toContain(status)
    })
    await fc.assert(property, { numRuns: 2000 })
  })
})

function nameOf(reason: unknown): string | number | undefined {
  if (isRerankError(reason)) return reason.status
  return reason instanceof TypeError ? reason.name : 'another error'
}

function ascending(a: number, b: number): number {
  return a - b
}
