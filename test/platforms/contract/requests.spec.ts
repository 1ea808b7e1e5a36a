import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import contract from '../../../openapi.json' with { type: 'json' }
import { createRateLimiter } from '../../../src/bulk/index.ts'
import type { ClientOptions, RerankClient, RerankRequest } from '../../../src/index.ts'
import { hasCamelCase } from '../../helpers/camel-case.ts'
import { valuesOf } from '../../helpers/schema-values.ts'
import { clientOf, REQUEST, TEXTS } from './client.ts'
import { mock, mockOf } from './prism.ts'
import type { Prism } from './prism.ts'
import { bodySchema, strictBody, strictContract } from './strict.ts'

// Each request that Prism receives is checked against the contract: 200 says that it keeps it.
const statuses: number[] = []
const hooks = { onResponse: ({ status }: { status: number }) => void statuses.push(status) }

let service: Prism
beforeAll(async () => {
  service = await mock()
  return () => service.close()
})
beforeEach(() => {
  statuses.length = 0
})

describe('a request keeps the contract', () => {
  test.each<[string, Partial<RerankRequest>]>([
    ['with the least', {}],
    ['with a model', { model: 'some/model' }],
    ['with a user', { user: 'user-1' }],
    ['with no user', { user: null }],
    ['with fields that are undefined', { user: undefined, model: undefined, service_tier: undefined }],
    ['at the tier auto', { service_tier: 'auto' }],
    ['at the tier default', { service_tier: 'default' }],
    ['at the tier flex', { service_tier: 'flex' }],
    ['at the tier no-limit', { service_tier: 'no-limit' }],
    ['with blank texts', { query: '', documents: ['', ' ', '\n'] }],
    [
      'with texts beyond ASCII',
      { query: 'Главни град?', documents: ['Београд', '\u{1f1f7}\u{1f1f8}', '\ud800'] },
    ],
    ['with long texts', { documents: TEXTS.map((text) => text.repeat(10_000)) }],
  ])('%s', async (_, fields) => {
    const { results } = await clientOf(service).rerank({ ...REQUEST, ...fields })
    expect(results).toMatchObject([{ index: 1 }, { index: 2 }, { index: 0 }])
  })

  test.each<[string, () => ClientOptions]>([
    ['for a project', () => ({ projectId: 'project-1' })],
    ['with more headers', () => ({ headers: { 'x-trace': '1' } })],
    ['to a base URL that ends in /v1', () => ({ baseUrl: `${service.url}/v1` })],
    ['to a base URL that ends in a slash', () => ({ baseUrl: `${service.url}/` })],
    ['at a rateLimiter', () => ({ rateLimiter: createRateLimiter() })],
    ['within limits', () => ({ timeoutMs: 20_000, deadlineMs: 20_000, maxResponseBytes: 1000 })],
  ])('%s', async (_, options) => {
    const { response } = await clientOf(service, options()).rerank.withResponse(REQUEST)
    expect(response.status).toBe(200)
  })

  test('whatever its schema allows', async () => {
    const client = clientOf(service, { hooks })
    const requests = valuesOf(bodySchema, contract).filter((request) => !hasCamelCase(request))
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect(await judged(client, request)).toBe(200)
      }),
      { numRuns: 200 },
    )
  })

  test('with the names that it has for fields and parameters', async () => {
    const wanted = { ...bodySchema.properties, ai_project_id: { type: 'string' } }
    const strict = await mockOf(strictContract(wanted))
    try {
      const client = clientOf(strict, { hooks, projectId: 'project-1' })
      for (const request of fc.sample(valuesOf(strictBody(wanted), contract), 20)) {
        expect(await judged(client, request)).toBe(200)
      }
      expect(await judged(client, REQUEST)).toBe(422)
    } finally {
      await strict.close()
    }
  })
})

/** What Prism says of a request. Its answer fits no request but those with three documents, and is not looked at. */
async function judged(client: RerankClient, request: unknown): Promise<number | undefined> {
  const fields = request as RerankRequest
  statuses.length = 0
  // The client refuses a model without a name by itself.
  await client
    .rerank({ ...fields, model: fields.model === '' ? 'some/model' : fields.model })
    .catch(() => undefined)
  return statuses.at(-1)
}
