import { describe, expect, test } from 'vitest'
import { clientOf, serviceFor } from '../../src/cli/client.ts'
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
      new UsageError(`--timeout needs a number from 0.001 to 2000000, not "${timeout}"`),
    )
  })
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
  expect(() => clientOf(() => ({ apiKey: KEY, baseUrl: 'nowhere' }))).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^baseUrl must be/) as unknown,
      cause: expect.any(TypeError) as unknown,
    }) as Error,
  )
})
