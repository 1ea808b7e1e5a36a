import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import pinned from '../../openapi.json' with { type: 'json' }
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { RerankRequest } from '../../src/index.ts'
import { createLocalReranker } from '../../src/local/index.ts'
import { withReadablePatterns } from '../../src/local/patterns.ts'
import { tries } from '../helpers/effort.ts'
import { hasCamelCase } from '../helpers/camel-case.ts'
import { KEY } from '../helpers/rerank.ts'
import { dereferenced, valuesOf } from '../helpers/schema-values.ts'
import type { Schema } from '../helpers/schema-values.ts'
import { spoiled } from '../helpers/spoil.ts'
import { MODEL, posting } from './endpoint.ts'

// Thousands of requests, made anew each time from the pinned contract; a failure tells the FC_SEED that repeats it. Vitest
// fails a run in which a rejection goes unhandled. What a random request found must not be tried again until it passes.
const ONCE = { retry: 0, timeout: 120_000 }
const { FC_SEED } = process.env

const contract = withReadablePatterns(pinned)
const endpoint = createLocalReranker()
let arrived = 0
const client = createRerankClient({
  apiKey: KEY,
  fetch: (input, init) => {
    arrived += 1
    return endpoint(input, init)
  },
  maxRetries: 0,
})

const bodySchema = dereferenced(
  contract.paths['/v1/rerank'].post.requestBody.content['application/json'].schema,
  contract,
)
const admits = new Ajv2020({ strict: false, validateFormats: false })
  .addSchema(contract, 'contract')
  .compile({ $ref: 'contract#/paths/~1v1~1rerank/post/requestBody/content/application~1json/schema' })

const LONG_TEXT = { type: 'string', minLength: 5000, maxLength: 5000 }

/** Whatever the contract admits, of the model that the endpoint has; now and then of many documents, or long ones. */
const requests = fc.oneof(
  { weight: 198, arbitrary: requestsOf({}) },
  {
    weight: 1,
    arbitrary: requestsOf({
      documents: { ...bodySchema.properties?.['documents'], minItems: 200, maxItems: 200 },
    }),
  },
  {
    weight: 1,
    arbitrary: requestsOf({ query: LONG_TEXT, documents: { type: 'array', items: LONG_TEXT, maxItems: 3 } }),
  },
)
/** Most of these break the contract. */
const broken = spoiled(requests)

describe('requests that the contract admits', () => {
  it('rerank gives a permutation of the documents', ONCE, async () => {
    // Ten at once: that is sooner done than one by one.
    const several = fc.array(requests, { minLength: 10, maxLength: 10 })
    arrived = 0
    await holds(tries(500), several, async (asked) => {
      const answers = await Promise.all(asked.map((request) => client.rerank(request)))
      for (const [place, { results }] of answers.entries()) {
        const documents = asked[place]?.documents ?? []
        expect(results.map(({ index }) => index).sort(ascending)).toEqual([...documents.keys()])
        expect(results.map(({ document }) => document.text)).toEqual(
          results.map(({ index }) => documents[index]),
        )
      }
    })
    expect(arrived).toBe(10 * tries(500))
  })

  it('rank gives a permutation of those documents that are not blank', ONCE, async () => {
    const options = fc.record({
      maxDocumentsPerRequest: fc.integer({ min: 1, max: 5 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      dedupe: fc.boolean(),
    })
    await holds(tries(500), fc.tuple(requests, options), async ([{ query, documents }, chosen]) => {
      const ranked = await client.rank(query, documents, chosen)
      expect(ranked.map(({ index }) => index).sort(ascending)).toEqual(
        [...documents.keys()].filter((index) => documents[index]?.trim() !== ''),
      )
      expect(ranked.map(({ item }) => item)).toEqual(ranked.map(({ index }) => documents[index]))
    })
  })
})

describe('requests that break the contract', () => {
  it('are a TypeError or a 422 to a client, and nothing else is', ONCE, async () => {
    await holds(tries(1000), broken, async (request) => {
      const outcome = await client.rerank(request as RerankRequest).then(() => 'answered', nameOf)
      // The client fills in the model, and wants it to have a name.
      const filled = { model: MODEL, ...request }
      const isAdmitted = admits(filled) && filled.model !== '' && !hasCamelCase(filled)
      expect(isAdmitted ? ['answered', 404] : ['TypeError', 422]).toContain(outcome)
    })
  })

  it('are a 422 to whoever posts them, and nothing else is', ONCE, async () => {
    const bodies = fc.oneof(broken, fc.jsonValue(), requests)
    await holds(tries(1000), bodies, async (body) => {
      const { status } = await endpoint('http://local.test/v1/rerank', posting(JSON.stringify(body)))
      expect(admits(body) ? [200, 404] : [422]).toContain(status)
    })
  })
})

function requestsOf(fields: Schema['properties']): fc.Arbitrary<RerankRequest> {
  const schema = { ...bodySchema, properties: { ...bodySchema.properties, ...fields } }
  const values = valuesOf(schema, contract) as fc.Arbitrary<RerankRequest>
  return values.filter((request) => !hasCamelCase(request)).map((request) => ({ ...request, model: MODEL }))
}

/** Tries it with so many values. */
function holds<Value>(
  numRuns: number,
  values: fc.Arbitrary<Value>,
  isSo: (value: Value) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(values, isSo), {
    numRuns,
    // Before the test's own time is up, which would leave the seed untold.
    interruptAfterTimeLimit: 90_000,
    markInterruptAsFailure: true,
    ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
    asyncReporter: async (run) => {
      if (!run.failed) return
      const found = await fc.asyncDefaultReportMessage(run)
      throw new Error(`FC_SEED=${run.seed} repeats this: ${found}`, { cause: run.errorInstance })
    },
  })
}

function nameOf(reason: unknown): string | number | undefined {
  if (isRerankError(reason)) return reason.status
  return reason instanceof TypeError ? reason.name : 'another error'
}

function ascending(a: number, b: number): number {
  return a - b
}
