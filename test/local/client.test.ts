import { describe, expect, it } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import { createLocalReranker, serveLocalReranker } from '../../src/local/index.ts'

const REQUEST = { query: 'capital', documents: ['no', 'the capital'] }

describe('a client of the embedded endpoint', () => {
  it('needs no key and no socket', async () => {
    const client = createRerankClient({ fetch: createLocalReranker({ apiKey: 'its-own' }) })
    const { results } = await client.rerank(REQUEST)
    expect(results.map(({ index }) => index)).toEqual([1, 0])
  })

  it('reaches it over a socket', async () => {
    const server = await serveLocalReranker()
    const client = createRerankClient({ apiKey: 'any', baseUrl: server.url })
    const { results } = await client.rerank(REQUEST)
    await server.close()
    expect(results.map(({ index }) => index)).toEqual([1, 0])
  })

  it('sends the project that the contract’s query has', async () => {
    const client = createRerankClient({ fetch: createLocalReranker(), projectId: 'project-1' })
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('model')
  })

  it('gets the faults of a request', async () => {
    const client = createRerankClient({ fetch: createLocalReranker() })
    const call = client.rerank({ ...REQUEST, service_tier: 'never' as 'flex' })
    await expect(call).rejects.toMatchObject({
      status: 422,
      issues: [{ path: 'body.service_tier', type: 'enum' }],
    })
  })

  it('hears of an unknown model', async () => {
    const client = createRerankClient({ fetch: createLocalReranker(), model: 'X' })
    await expect(client.rerank(REQUEST)).rejects.toMatchObject({ status: 404, kind: 'not_found' })
  })

  it('gives up when its caller does', async () => {
    const client = createRerankClient({ fetch: createLocalReranker() })
    const signal = AbortSignal.abort(new Error('changed my mind'))
    await expect(client.rerank(REQUEST, { signal })).rejects.toThrow('changed my mind')
  })
})
