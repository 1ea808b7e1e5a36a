import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { PaceResult } from '../../src/index.ts'
import { rejection } from '../helpers/rerank.ts'
import { FOR_20_S, paced, REQUEST } from './paced.ts'

describe('one that would wait longer than it is to', () => {
  const putOff = {
    name: 'RateLimitError',
    message: 'the service puts requests off for another 30000 ms',
    attempts: 0,
    retryAfterMs: 30_000,
  }
  const windowOf30s = { requests: { remaining: 0, resetMs: 30_000 } }
  const inATokenWindow = { tokens: { remaining: 1, resetMs: 30_000 } }

  test.each<[string, PaceResult]>([
    ['a wait that the service asked for', { status: 429, retryAfterMs: 30_000 }],
    ['a window that is exhausted', { status: 200, rateLimit: windowOf30s }],
    ['a window that is too full for it', { status: 200, rateLimit: inATokenWindow }],
  ])('is rejected at once, for %s', async (_, result) => {
    const { clock, left, enter, pace } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end(result)
    expect(await rejection(pace.enter(FOR_20_S))).toMatchObject(putOff)
    expect(pace.state.waiting).toBe(0)
  })

  test('waits for just as long as it would', async () => {
    const { clock, left, enter } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 429, retryAfterMs: FOR_20_S.maxRetryAfterMs })
    enter(1, FOR_20_S)
    await clock.pass()
    expect(left).toHaveLength(2)
  })

  test('is rejected as soon as that is known, and those that are more patient wait on', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 1 })
    enter(2)
    const impatient = rejection(pace.enter(FOR_20_S))
    await clock.pass(0)
    left[0]?.end({ status: 200, rateLimit: windowOf30s })
    expect(await impatient).toMatchObject(putOff)
    expect(pace.state.waiting).toBe(1)
    await clock.pass()
    expect(left).toHaveLength(2)
  })

  test('is rejected when those before it exhaust a window', async () => {
    const { clock, left, enter, pace } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 200, rateLimit: { requests: { remaining: 2, resetMs: 30_000 } } })
    enter(2)
    const impatient = rejection(pace.enter(FOR_20_S))
    await clock.pass(5000)
    expect(left).toHaveLength(3)
    expect(await impatient).toMatchObject({ name: 'RateLimitError' })
  })

  test('waits for the caller’s own limits all the same', async () => {
    const { clock, left, enter } = paced({ requestsPerMinute: 1 })
    enter(2, FOR_20_S)
    await clock.pass()
    expect(left.map(({ at }) => at)).toEqual([0, 60_000])
  })

  test('leaves no listener', async () => {
    const { clock, left, enter, pace } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 429, retryAfterMs: 30_000 })
    const { signal } = new AbortController()
    await rejection(pace.enter(FOR_20_S, signal))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('waiting', () => {
  test('ends at once with the caller’s reason, and the next moves up', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 1 })
    const controller = new AbortController()
    enter()
    const waiting = rejection(pace.enter(REQUEST, controller.signal))
    enter()
    await clock.pass(1000)
    controller.abort('enough')
    expect(await waiting).toBe('enough')
    expect(pace.state.waiting).toBe(1)
    left[0]?.end()
    await clock.pass(1000)
    expect(left.map(({ name }) => name)).toEqual([0, 1])
  })

  test('does not begin once the caller has aborted', async () => {
    const { pace } = paced()
    expect(await rejection(pace.enter(REQUEST, AbortSignal.abort('enough')))).toBe('enough')
    expect(pace.state).toMatchObject({ inFlight: 0, waiting: 0 })
  })

  test('leaves no listener', async () => {
    const { pace } = paced()
    const { signal } = new AbortController()
    await pace.enter(REQUEST, signal)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('holds a timer only while somebody waits for time alone', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 2, requestsPerMinute: 60 })
    const controller = new AbortController()
    enter()
    await clock.pass(0)
    expect(clock.waiting).toBe(0)
    const waiting = rejection(pace.enter(REQUEST, controller.signal))
    expect(clock.waiting).toBe(1)
    controller.abort()
    await waiting
    expect(clock.waiting).toBe(0)
    left[0]?.end({ status: 429, retryAfterMs: 60_000 })
    expect(clock.waiting).toBe(0)
  })
})
