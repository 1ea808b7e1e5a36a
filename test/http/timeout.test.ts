import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createTimer } from '../../src/http/timeout.ts'
import { onAbort, wait } from '../../src/shared/abort.ts'
import { rejection } from '../helpers/rerank.ts'

const LATE = new Error('late')
const TIME = [1000, () => LATE] as const
const never = (): Promise<never> => new Promise(() => undefined)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return () => vi.useRealTimers()
})

function expectNothingLeft(signal: AbortSignal): void {
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
}

describe('work within limits', () => {
  test('resolves with its result and leaves nothing', async () => {
    const { signal } = new AbortController()
    expect(await createTimer(signal).race(Promise.resolve('done'), ...TIME)).toBe('done')
    expectNothingLeft(signal)
  })

  test('rejects with its own failure and leaves nothing', async () => {
    const { signal } = new AbortController()
    const fault = new Error('its own')
    const work = createTimer(signal).race(Promise.reject(fault), ...TIME)
    expect(await rejection(work)).toBe(fault)
    expectNothingLeft(signal)
  })

  test('rejects with the limit at its time, though the work pays no heed to its signal', async () => {
    const { signal } = new AbortController()
    const work = rejection(createTimer(signal).race(never(), ...TIME))
    vi.advanceTimersByTime(1000)
    expect(await work).toBe(LATE)
    expectNothingLeft(signal)
  })

  test('is not cut short a millisecond before', async () => {
    let finish: (value: string) => void = () => undefined
    const work = createTimer(undefined).race(new Promise<string>((resolve) => (finish = resolve)), ...TIME)
    vi.advanceTimersByTime(999)
    finish('done')
    expect(await work).toBe('done')
  })

  test('rejects with the caller’s own reason at once', async () => {
    const caller = new AbortController()
    const work = rejection(createTimer(caller.signal).race(never(), ...TIME))
    caller.abort('enough')
    expect(await work).toBe('enough')
    expectNothingLeft(caller.signal)
  })

  test('rejects at once where the caller has aborted before', async () => {
    const signal = AbortSignal.abort('enough')
    expect(await rejection(createTimer(signal).race(never(), ...TIME))).toBe('enough')
    expectNothingLeft(signal)
  })

  test('is told by its signal when it ends early', async () => {
    const caller = new AbortController()
    const timer = createTimer(caller.signal)
    const signal = timer.signalFor(undefined)
    const work = timer.race(never(), ...TIME)
    caller.abort()
    await rejection(work)
    expect([signal instanceof AbortSignal, signal.aborted]).toEqual([true, true])
  })

  test('tells code that makes do with a light signal by one, to all who listen and ask', async () => {
    const timer = createTimer(undefined)
    const signal = timer.signalFor({ lightSignal: true })
    const told: string[] = []
    onAbort(signal, () => told.push('one'))
    onAbort(signal, () => told.push('another'))
    onAbort(signal, () => told.push('none any more'))()
    const waiting = rejection(wait(60_000, signal))
    const work = rejection(timer.race(never(), ...TIME))
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1000)
    expect(await work).toBe(LATE)
    expect(told).toEqual(['one', 'another'])
    expect(signal instanceof AbortSignal).toBe(false)
    expect([await waiting, await rejection(wait(1, signal)), signal.aborted]).toEqual([
      undefined,
      undefined,
      true,
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not told to end when it has ended', async () => {
    const timer = createTimer(undefined)
    const signals = [timer.signalFor(undefined), timer.signalFor({ lightSignal: true })]
    await timer.race(Promise.resolve(), ...TIME)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
  })
})

describe('a wait', () => {
  test('takes its time and leaves nothing', async () => {
    const { signal } = new AbortController()
    const waiting = wait(500, signal)
    vi.advanceTimersByTime(499)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1)
    await waiting
    expectNothingLeft(signal)
  })

  test('ends at once with the caller’s own reason and leaves nothing', async () => {
    const caller = new AbortController()
    const waiting = rejection(wait(30_000, caller.signal))
    caller.abort('enough')
    expect(await waiting).toBe('enough')
    expectNothingLeft(caller.signal)
  })
})

describe('however many share a signal', () => {
  test('it has one listener, and none when the last is done', async () => {
    const { signal } = new AbortController()
    const waits = [wait(10, signal), wait(20, signal), wait(30, signal)]
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    vi.advanceTimersByTime(20)
    await Promise.all(waits.slice(0, 2))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    vi.advanceTimersByTime(10)
    await waits[2]
    expectNothingLeft(signal)
  })

  test('its abort ends them all, and nothing of those that are done', async () => {
    const caller = new AbortController()
    const done = wait(10, caller.signal)
    vi.advanceTimersByTime(10)
    await done
    const waits = [wait(20, caller.signal), wait(30, caller.signal)].map(rejection)
    caller.abort('enough')
    expect(await Promise.all(waits)).toEqual(['enough', 'enough'])
    expectNothingLeft(caller.signal)
  })
})
