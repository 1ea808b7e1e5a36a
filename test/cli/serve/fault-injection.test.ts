import { afterEach, expect, test, vi } from 'vitest'
import { createFaults } from '../../../src/cli/serve/fault-injection.ts'
import { rejection } from '../../helpers/rerank.ts'

const request = new Request('http://localhost/')
const next = async (): Promise<Response> => Response.json({}, { headers: { 'x-own': '1' } })
const OFF = { latencyMs: 0, failRate: 0, rateLimit: undefined }

afterEach(() => vi.restoreAllMocks())

test('without faults an answer is left as it is', async () => {
  const answer = await createFaults(OFF)(request, next)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-own')).toBe('1')
  expect(answer.headers.get('x-ratelimit-limit-requests')).toBeNull()
})

test('a failure on demand says so', async () => {
  const answer = await createFaults({ ...OFF, failRate: 1 })(request, next)
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('Failed on demand.')
})

test('nothing fails where no share is to, whatever the chance', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  expect((await createFaults(OFF)(request, next)).status).toBe(200)
})

test('a delay ends with its request', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const answer = createFaults({ ...OFF, latencyMs: 60_000 })(new Request(request, { signal }), next)
  controller.abort()
  expect(await rejection(answer)).toHaveProperty('name', 'AbortError')
})

test('what is over the limit is refused until the minute is over', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const call = createFaults({ ...OFF, rateLimit: 1 })
  const limits = (remaining: string, seconds: string): object => ({
    'x-ratelimit-limit-requests': '1',
    'x-ratelimit-remaining-requests': remaining,
    'x-ratelimit-reset-requests': `${seconds}s`,
  })
  const first = await call(request, next)
  expect(Object.fromEntries(first.headers)).toMatchObject({ ...limits('0', '60'), 'x-own': '1' })
  expect(first.headers.get('retry-after')).toBeNull()

  now.mockReturnValue(60_999)
  const second = await call(request, next)
  expect(second.status).toBe(429)
  expect(Object.fromEntries(second.headers)).toMatchObject({ ...limits('0', '1'), 'retry-after': '1' })
  expect(await second.text()).toContain('Rate limit reached: 1 requests a minute.')

  now.mockReturnValue(61_000)
  expect((await call(request, next)).status).toBe(200)
})
