import { beforeAll, describe, expect, test } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { Fetch, RerankError } from '../../src/index.ts'
import { createNodeFetch } from '../../src/node/index.ts'
import type { NodeFetchOptions } from '../../src/node/index.ts'
import { serveFaults } from '../helpers/fault-server.ts'
import { answerTo, failure, KEY, REQUEST } from '../helpers/rerank.ts'
import { issue, issueWithIntermediate, makeAuthority, serveTls } from '../helpers/tls-server.ts'
import type { Certificate } from '../helpers/tls-server.ts'

let ca: Certificate
let own: Certificate
beforeAll(async () => {
  ca = await makeAuthority()
  own = await issue(ca, ['localhost', '127.0.0.1'])
})

async function call(port: number, options: NodeFetchOptions, { host = '127.0.0.1', maxRetries = 0 } = {}) {
  const baseUrl = `https://${host}:${port}`
  const client = createRerankClient({ apiKey: KEY, baseUrl, maxRetries, fetch: createNodeFetch(options) })
  return client.rerank(REQUEST)
}

describe('over TLS', () => {
  test('a service of a private authority is trusted by its certificate', async () => {
    const { port } = await serveTls(own)
    expect((await call(port, { ca: ca.cert })).results).toEqual(answerTo(REQUEST).results)
    expect((await call(port, { ca: [Buffer.from(ca.cert)] }, { host: 'localhost' })).results).toHaveLength(2)
  })

  test('a service that shows a certificate of somebody unknown is not', async () => {
    const { port, callers } = await serveTls(own)
    const code = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    expect(await failure(call(port, {}, { maxRetries: 3 }))).toMatchObject({
      kind: 'connection',
      attempts: 1,
      code,
    })
    expect(callers).toEqual([])
  })

  test.each([
    ['of another host', ['elsewhere.test'], 1, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', ['127.0.0.1'], -1, 'CERT_HAS_EXPIRED'],
  ])('neither is one with a certificate %s', async (_, domains, days, code) => {
    const { port, callers } = await serveTls(await issue(ca, domains, days))
    const error = await failure(call(port, { ca: ca.cert }))
    expect(error).toMatchObject({ kind: 'connection', code })
    expect(callers).toEqual([])
  })

  test('a certificate of ours is shown to a service that asks for it', async () => {
    const { cert, key } = await issue(ca, ['caller.test'])
    const { port, callers } = await serveTls({
      ...own,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    await call(port, { ca: ca.cert, cert, key })
    expect(callers).toEqual(['caller.test'])
  })

  test('without one, such a service is a failed connection', async () => {
    const { port, callers } = await serveTls({
      ...own,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    const fetch = createNodeFetch({ ca: ca.cert })
    const client = createRerankClient({
      apiKey: KEY,
      baseUrl: `https://127.0.0.1:${port}`,
      maxRetries: 0,
      fetch,
    })
    expect(await failure(client.rerank(REQUEST))).toMatchObject({ kind: 'connection' })
    expect(callers).toEqual([])
  })

  test('a connection is used again', async () => {
    const { port, callers } = await serveTls(own)
    const fetch = createNodeFetch({ ca: ca.cert, maxSockets: 1 })
    const client = createRerankClient({ apiKey: KEY, baseUrl: `https://localhost:${port}`, fetch })
    await client.rerank(REQUEST)
    await client.rerank(REQUEST)
    expect(callers).toHaveLength(2)
  })
})

const messageOf = (reason: string): unknown =>
  expect.stringContaining(`POST /v1/rerank failed: ${reason}. Check baseUrl`)

describe('what the next attempt would meet again is no reason for one', () => {
  const FETCHES = [
    ["Node's fetch", undefined],
    ['createNodeFetch', createNodeFetch()],
  ] as const
  const failureAt = async (port: number, fetch: Fetch | undefined): Promise<RerankError> =>
    failure(
      createRerankClient({ apiKey: KEY, baseUrl: `https://127.0.0.1:${port}`, maxRetries: 3, fetch }).rerank(
        REQUEST,
      ),
    )

  test.each(FETCHES)('a port that speaks plain http, over %s', async (_, fetch) => {
    const { url } = await serveFaults([])
    expect(await failureAt(Number(new URL(url).port), fetch)).toMatchObject({
      kind: 'connection',
      attempts: 1,
      message: messageOf('fetch failed: TLS: wrong version number (is this an http port?)'),
    })
  })

  test.each(FETCHES)('a service that speaks a version of TLS long gone, over %s', async (_, fetch) => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const { port } = await serveTls({ ...own, ...old })
    expect(await failureAt(port, fetch)).toMatchObject({
      kind: 'connection',
      attempts: 1,
      message: messageOf('fetch failed: TLS: tlsv1 alert protocol version'),
    })
  })

  test('a certificate without the one between it and an authority', async () => {
    const { root, leaf } = await issueWithIntermediate()
    const { port } = await serveTls(leaf)
    expect(await failureAt(port, createNodeFetch({ ca: root }))).toMatchObject({
      kind: 'connection',
      attempts: 1,
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      message: messageOf('fetch failed: unable to verify the first certificate'),
    })
    const whole = await serveTls({ ...leaf, cert: leaf.cert + leaf.intermediate })
    expect((await call(whole.port, { ca: root })).results).toHaveLength(2)
  })
})

describe('PEM that can’t be used is a TypeError at once, which shows none of it', () => {
  test.each<[string, () => NodeFetchOptions, RegExp]>([
    ['a certificate without its key', () => ({ cert: own.cert }), /^cert needs key beside it$/],
    ['a key without its certificate', () => ({ key: own.key }), /^key needs cert beside it$/],
    [
      'a key of another certificate',
      () => ({ cert: own.cert, key: ca.key }),
      /^ca, cert and key must be PEM/,
    ],
    ['no PEM', () => ({ cert: 'MARKER', key: 'MARKER' }), /^ca, cert and key must be PEM/],
    [
      'an authority that is no PEM',
      () => ({ ca: [ca.cert, 'MARKER'] }),
      /^ca must be the PEM of certificates/,
    ],
    ['an empty authority', () => ({ ca: '' }), /^ca must be the PEM of certificates/],
  ])('%s', (_, options, message) => {
    expect(() => createNodeFetch(options())).toThrow(TypeError)
    expect(() => createNodeFetch(options())).toThrow(message)
    expect(() => createNodeFetch(options())).not.toThrow(/MARKER|BEGIN/)
  })
})
