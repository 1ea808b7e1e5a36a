import { beforeAll, expect, test } from 'vitest'
import { isRerankError } from '../../../src/index.ts'
import { failure } from '../../helpers/rerank.ts'
import { clientOf, QUERY, REQUEST } from './client.ts'
import { mock } from './prism.ts'
import type { Prism } from './prism.ts'

let service: Prism
beforeAll(async () => {
  service = await mock()
  return () => service.close()
})

test('a call without a key is a 401', async () => {
  const error = await failure(clientOf(service, { apiKey: null }).rerank(REQUEST))
  expect(error).toMatchObject({ kind: 'authentication', status: 401 })
})

test('a request that leaves the contract is a 422', async () => {
  const error = await failure(clientOf(service).rerank({ ...REQUEST, service_tier: 'never' as 'flex' }))
  expect(error).toMatchObject({ kind: 'bad_request', status: 422 })
})

test('a call beside the contract’s path is a 404', async () => {
  const error = await failure(clientOf(service, { baseUrl: `${service.url}/other` }).rerank(REQUEST))
  expect(error).toMatchObject({ kind: 'not_found', status: 404 })
})

test('a 422 as the contract has it lists its issues', async () => {
  const error = await failure(clientOf(service, { headers: { prefer: 'code=422' } }).rerank(REQUEST))
  // What Prism makes of the schema.
  expect(error).toMatchObject({
    status: 422,
    issues: [{ path: 'string', message: 'string', type: 'string' }],
  })
})

test('answers of the right shape that make no sense are refused', async () => {
  const outcomes = Array.from({ length: 50 }, (_, seed) =>
    clientOf(service, { headers: { prefer: `dynamic=true, seed=${seed}` } })
      .rank(QUERY, ['a'])
      .then(
        () => 'ranked',
        (reason: unknown) => (isRerankError(reason, 'response') ? 'refused' : reason),
      ),
  )
  const kinds = new Set(await Promise.all(outcomes))
  expect([...kinds]).toEqual(['refused'])
})
