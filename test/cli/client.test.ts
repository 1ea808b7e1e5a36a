import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import { serviceFor, usable } from '../../src/cli/client.ts'
import type { ServiceFlags } from '../../src/cli/client.ts'
import { UsageError } from '../../src/cli/terminal.ts'
import { KEY } from '../helpers/rerank.ts'
import { shellOf } from '../helpers/shell.ts'

const serviceOf = (flags: Partial<ServiceFlags>, env: Record<string, string> = {}) =>
  serviceFor({ local: false, ...flags }, shellOf({ env: { NEBIUS_API_KEY: KEY, ...env } }))

describe('the service that is asked', () => {
  test.each([
    ['the public one', {}, {}, 'https://api.tokenfactory.nebius.com/v1/rerank'],
    [
      'that of a flag',
      { 'base-url': 'https://flag.test' },
      { NEBIUS_BASE_URL: 'https://env.test' },
      'https://flag.test/v1/rerank',
    ],
    ['that of the environment', {}, { NEBIUS_BASE_URL: 'https://env.test' }, 'https://env.test/v1/rerank'],
  ])('is %s', async (_, flags, env, url) => {
    expect((await serviceOf(flags, env)).client.url).toBe(url)
  })

  test('is asked in time, at its tier and for its model', async () => {
    const { client, options } = await serviceOf({ timeout: '1.5', 'service-tier': 'flex', model: 'm' })
    expect(options).toEqual({ deadlineMs: 1500, serviceTier: 'flex' })
    expect(client.model).toBe('m')
  })

  test.each(['0', '0.0009', '2000001', 'soon'])('is not waited for %s seconds', async (timeout) => {
    await expect(serviceOf({ timeout })).rejects.toThrow(
      new UsageError(`--timeout must be a number of seconds from 0.001 to 2000000, got "${timeout}"`),
    )
  })
})

test('a key is asked for by the hosted service alone', async () => {
  const env = { NEBIUS_API_KEY: '' }
  await expect(serviceOf({}, env)).rejects.toThrow(/^No API key: set NEBIUS_API_KEY/)
  await expect(serviceOf({ 'base-url': 'https://api.eu.nebius.com' }, env)).rejects.toThrow(/^No API key/)
  await expect(serviceOf({ 'dry-run': true }, env)).resolves.toHaveProperty('client')
  await expect(serviceOf({ 'base-url': 'http://localhost:8000' }, env)).resolves.toHaveProperty('client')
})

describe('by words alone', () => {
  test('all documents go into one request', async () => {
    const { client, options } = await serviceOf({ local: true })
    const documents = Array.from({ length: 1500 }, () => 'b')
    const { ids } = await client.rank.withUsage('b', documents, { ...options, dedupe: false })
    expect(ids).toHaveLength(1)
  })

  test('no key is needed', async () => {
    expect((await serviceOf({ local: true }, { NEBIUS_API_KEY: '' })).options).not.toHaveProperty(
      'serviceTier',
      'auto',
    )
  })
})

test('what a client refuses is a wrong call, and tells why', () => {
  expect(() => usable(() => createRerankClient({ apiKey: KEY, baseUrl: 'nowhere' }))).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^baseUrl must be/) as unknown,
      cause: expect.any(TypeError) as unknown,
    }) as Error,
  )
})
