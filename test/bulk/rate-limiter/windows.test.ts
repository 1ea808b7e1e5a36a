import { describe, expect, test } from 'vitest'
import { createWindows } from '../../../src/bulk/rate-limiter/windows.ts'
import type { Windows } from '../../../src/bulk/rate-limiter/windows.ts'
import type { RateLimit } from '../../../src/index.ts'

const ONE = { requests: 1, tokens: 100 }
const PATIENCE_MS = 60_000

/** Windows of which an answer to the first request stated these limits, at 0. */
function stating(limits: RateLimit, heeded: readonly string[] = ['requests', 'tokens']) {
  const sent = { ...ONE }
  const windows = createWindows(sent, (name) => heeded.includes(name))
  windows.stated(limits, { ...sent }, 0, PATIENCE_MS)
  const send = (count: number): void => {
    sent.requests += count
    sent.tokens += count * ONE.tokens
  }
  const openAt = (now: number, inFlight = 1): number => windows.openAt(ONE, now, inFlight)
  return { windows, sent, send, openAt }
}

describe('a window', () => {
  test('of which nothing is stated is open', () => {
    const windows: Windows = createWindows({ requests: 9, tokens: 9 }, () => true)
    expect(windows.openAt(ONE, 5, 9)).toBe(5)
  })

  test.each<[string, RateLimit]>([
    ['requests', { requests: { remaining: 2, resetMs: 1000, limit: 3 } }],
    ['tokens', { tokens: { remaining: 200, resetMs: 1000, limit: 300 } }],
  ])('of %s lets through what it has left, and the rest when it starts afresh', (_, limits) => {
    const { send, openAt } = stating(limits)
    expect(openAt(10)).toBe(10)
    send(1)
    expect(openAt(10)).toBe(10)
    send(1)
    expect(openAt(10)).toBe(1000)
    expect(openAt(999)).toBe(1000)
  })

  test('lets through its limit from when it starts afresh, and then waits for an answer', () => {
    const { send, openAt } = stating({ requests: { remaining: 0, resetMs: 1000, limit: 2 } })
    expect(openAt(1000)).toBe(1000)
    send(2)
    expect(openAt(1001)).toBe(Infinity)
    expect(openAt(5000)).toBe(Infinity)
  })

  test('without a limit lets everything through once it starts afresh', () => {
    const { send, openAt } = stating({ requests: { remaining: 0, resetMs: 1000 } })
    send(1_000_000)
    expect(openAt(999)).toBe(1000)
    expect(openAt(1000)).toBe(1000)
  })

  test('that holds less than a request wants lets it go alone', () => {
    const { openAt } = stating({ tokens: { remaining: 0, resetMs: 1000, limit: 50 } })
    expect(openAt(1000, 1)).toBe(Infinity)
    expect(openAt(1000, 0)).toBe(1000)
  })

  test('is open at the later of two', () => {
    const { openAt } = stating({
      requests: { remaining: 0, resetMs: 1000 },
      tokens: { remaining: 0, resetMs: 2000 },
    })
    expect(openAt(0)).toBe(2000)
  })

  test('for which the caller has a limit of its own is not heeded', () => {
    expect(stating({ requests: { remaining: 0, resetMs: 1000 } }, ['tokens']).openAt(10)).toBe(10)
  })
})

describe('what an answer states', () => {
  test.each<[string, RateLimit]>([
    ['without what is left', { requests: { resetMs: 1000 } }],
    ['without when it starts afresh', { requests: { remaining: 0 } }],
    ['of nothing', {}],
    ['of longer than its call would wait', { requests: { remaining: 0, resetMs: PATIENCE_MS + 1 } }],
  ])('counts as not said %s', (_, limits) => {
    expect(stating(limits).openAt(10)).toBe(10)
  })

  test('of as long as its call would wait is heeded', () => {
    expect(stating({ requests: { remaining: 0, resetMs: PATIENCE_MS } }).openAt(10)).toBe(PATIENCE_MS)
  })

  test('is in tokens or not', () => {
    expect(stating({ requests: { remaining: 0, resetMs: 1 } }).windows.areInTokens).toBe(false)
    expect(stating({ tokens: { remaining: 0, resetMs: 1 } }).windows.areInTokens).toBe(true)
  })

  test('counts from what had left when its request did', () => {
    const { windows, sent, send, openAt } = stating({})
    const counted = { ...sent }
    send(3)
    windows.stated({ requests: { remaining: 4, resetMs: 1000 } }, counted, 0, PATIENCE_MS)
    expect(openAt(10)).toBe(10)
    send(1)
    expect(openAt(10)).toBe(1000)
  })

  test('to an earlier request than was answered before is not heeded', () => {
    const { windows, sent, send, openAt } = stating({})
    const earlier = { ...sent }
    send(1)
    windows.stated({ requests: { remaining: 9, resetMs: 1000 } }, { ...sent }, 0, PATIENCE_MS)
    windows.stated({ requests: { remaining: 0, resetMs: 1000 } }, earlier, 0, PATIENCE_MS)
    expect(openAt(10)).toBe(10)
    windows.stated({ requests: { remaining: 0, resetMs: 1000 } }, { ...sent }, 0, PATIENCE_MS)
    expect(openAt(10)).toBe(1000)
  })
})
