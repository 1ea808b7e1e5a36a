import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { LeaseOutcome } from '../../src/index.ts'
import { rejection } from '../helpers/rerank.ts'
import { acquireFrom, FOR_20_S, limited, REQUEST } from './limited.ts'

describe('one that would wait longer than it is to', () => {
  const putOff = {
    name: 'RateLimitError',
    message: 'wait 30000 ms',
    attempts: 0,
    retryAfterMs: 30_000,
  }
  const windowOf30s = { requests: { remaining: 0, resetMs: 30_000 } }
  const inATokenWindow = { tokens: { remaining: 1, resetMs: 30_000 } }

  test.each<[string, LeaseOutcome]>([
    ['a wait that the service asked for', { status: 429, retryAfterMs: 30_000 }],
    ['a window that is exhausted', { status: 200, rateLimit: windowOf30s }],
    ['a window that is too full for it', { status: 200, rateLimit: inATokenWindow }],
  ])('is rejected at once, for %s', async (_, result) => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end(result)
    expect(await rejection(acquireFrom(rateLimiter, FOR_20_S))).toMatchObject(putOff)
    expect(rateLimiter.state.waiting).toBe(0)
  })

  test('waits for just as long as it would', async () => {
    const { clock, sent, acquire } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 429, retryAfterMs: FOR_20_S.maxWaitMs })
    acquire(1, FOR_20_S)
    await clock.pass()
    expect(sent).toHaveLength(2)
  })

  test('is rejected as soon as that is known, and those that are more patient wait on', async () => {
    const { clock, sent, acquire, rateLimiter } = limited({ concurrency: 1 })
    acquire(2)
    const impatient = rejection(acquireFrom(rateLimiter, FOR_20_S))
    await clock.pass(0)
    sent[0]?.end({ status: 200, rateLimit: windowOf30s })
    expect(await impatient).toMatchObject(putOff)
    expect(rateLimiter.state.waiting).toBe(1)
    await clock.pass()
    expect(sent).toHaveLength(2)
  })

  test('is rejected when those before it exhaust a window', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 200, rateLimit: { requests: { remaining: 2, resetMs: 30_000 } } })
    acquire(2)
    const impatient = rejection(acquireFrom(rateLimiter, FOR_20_S))
    await clock.pass(5000)
    expect(sent).toHaveLength(3)
    expect(await impatient).toMatchObject({ name: 'RateLimitError' })
  })

  test('waits for the caller’s own limits all the same', async () => {
    const { clock, sent, acquire } = limited({ requestsPerMinute: 1 })
    acquire(2, FOR_20_S)
    await clock.pass()
    expect(sent.map(({ at }) => at)).toEqual([0, 60_000])
  })

  test('leaves no listener', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 429, retryAfterMs: 30_000 })
    const { signal } = new AbortController()
    await rejection(acquireFrom(rateLimiter, FOR_20_S, signal))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('waiting', () => {
  test('ends at once with the caller’s reason, and the next moves up', async () => {
    const { clock, sent, acquire, rateLimiter } = limited({ concurrency: 1 })
    const controller = new AbortController()
    acquire()
    const waiting = rejection(acquireFrom(rateLimiter, REQUEST, controller.signal))
    acquire()
    await clock.pass(1000)
    controller.abort('enough')
    expect(await waiting).toBe('enough')
    expect(rateLimiter.state.waiting).toBe(1)
    sent[0]?.end()
    await clock.pass(1000)
    expect(sent.map(({ name }) => name)).toEqual([0, 1])
  })

  test('does not begin once the caller has aborted', async () => {
    const { rateLimiter } = limited()
    expect(await rejection(acquireFrom(rateLimiter, REQUEST, AbortSignal.abort('enough')))).toBe('enough')
    expect(rateLimiter.state).toMatchObject({ inFlight: 0, waiting: 0 })
  })

  test('leaves no listener', async () => {
    const { rateLimiter } = limited()
    const { signal } = new AbortController()
    await acquireFrom(rateLimiter, REQUEST, signal)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('holds a timer only while somebody waits for time alone', async () => {
    const { clock, sent, acquire, rateLimiter } = limited({ concurrency: 2, requestsPerMinute: 60 })
    const controller = new AbortController()
    acquire()
    await clock.pass(0)
    expect(clock.waiting).toBe(0)
    const waiting = rejection(acquireFrom(rateLimiter, REQUEST, controller.signal))
    expect(clock.waiting).toBe(1)
    controller.abort()
    await waiting
    expect(clock.waiting).toBe(0)
    sent[0]?.end({ status: 429, retryAfterMs: 60_000 })
    expect(clock.waiting).toBe(0)
  })
})
