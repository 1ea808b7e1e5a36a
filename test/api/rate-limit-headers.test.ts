import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayBeExhausted, readRateLimit, refillMs } from '../../src/api/rate-limit-headers.ts'
import type { RateLimit } from '../../src/api/rate-limit-headers.ts'
import { headerValues as text } from './random-headers.ts'

const YEAR_MS = 366 * 86_400_000

describe('the limits', () => {
  test('are read as plain numbers and with a suffix', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '600',
      'x-ratelimit-remaining-requests': '599',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '400000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '900',
    })
    expect(readRateLimit(headers)).toEqual({
      requests: { limit: 600, remaining: 599, resetMs: 1000 },
      tokens: { limit: 400_000, remaining: 0, resetMs: 900_000 },
    })
  })

  test('leave out what is missing, negative or unreadable', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '600',
      'x-ratelimit-remaining-requests': '-1',
      'x-ratelimit-reset-requests': 'soon',
    })
    expect(readRateLimit(headers)).toEqual({ requests: { limit: 600 } })
  })

  test('are undefined without headers', () => {
    expect(readRateLimit(new Headers({ 'x-ratelimit-limit-requests': 'many' }))).toBeUndefined()
  })
})

describe('the limits in the fields of the IETF', () => {
  test.each([
    ['"default";r=50;t=30', '"default";q=100;w=60'],
    ['limit=100, remaining=50, reset=30', '100;w=60'],
  ])('are read from %s', (ratelimit, policy) => {
    const headers = new Headers({ ratelimit, 'ratelimit-policy': policy })
    expect(readRateLimit(headers)).toEqual({ requests: { limit: 100, remaining: 50, resetMs: 30_000 } })
  })

  test('yield to x-ratelimit', () => {
    const headers = new Headers({ ratelimit: '"default";r=50;t=30', 'x-ratelimit-remaining-requests': '7' })
    expect(readRateLimit(headers)).toEqual({ requests: { remaining: 7 } })
  })
})

test('a request that is served beyond the limit is told', () => {
  expect(readRateLimit(new Headers({ 'x-ratelimit-over-limit': 'yes' }))).toEqual({ overLimit: true })
  expect(readRateLimit(new Headers({ 'x-ratelimit-over-limit': 'no' }))).toBeUndefined()
})

describe('a refill', () => {
  const EMPTY = { limit: 600, remaining: 0, resetMs: 60_000 }

  test.each<[string, RateLimit | undefined, number | undefined]>([
    ['is the time in which one request comes back', { requests: EMPTY }, 100],
    ['of tokens is a hundredth of them', { tokens: { limit: 400_000, remaining: 0, resetMs: 60_000 } }, 600],
    ['is the longer of two', { requests: EMPTY, tokens: EMPTY }, 600],
    [
      'is all of the reset where the limit is not known',
      { requests: { remaining: 0, resetMs: 30_000 } },
      30_000,
    ],
    ['is nothing where something remains', { requests: { ...EMPTY, remaining: 1 } }, undefined],
    ['is nothing without a reset', { requests: { limit: 600, remaining: 0 } }, undefined],
    ['is nothing where the reset is zero', { requests: { ...EMPTY, resetMs: 0 } }, undefined],
    ['is nothing where nothing is stated', undefined, undefined],
  ])('%s', (_, limits, ms) => {
    expect(refillMs(limits)).toBe(ms)
  })
})

describe('whatever the headers say', () => {
  test('a refill is undefined, or finite and from 0 to a year', () => {
    fc.assert(
      fc.property(text, text, (remaining, reset) => {
        const headers = { 'x-ratelimit-remaining-tokens': remaining, 'x-ratelimit-reset-tokens': reset }
        expectWait(refillMs(readRateLimit(new Headers(headers))))
      }),
      { numRuns: 1000 },
    )
  })

  test('a limit is absent, or finite and 0 or more', () => {
    fc.assert(
      fc.property(text, text, text, (limit, remaining, reset) => {
        const headers = new Headers({
          'x-ratelimit-limit-requests': limit,
          'x-ratelimit-remaining-requests': remaining,
          'x-ratelimit-reset-requests': reset,
        })
        for (const value of Object.values(readRateLimit(headers)?.requests ?? {})) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThan(Infinity)
        }
      }),
      { numRuns: 1000 },
    )
  })

  function expectWait(ms: number | undefined): void {
    expect(ms === undefined || (ms >= 0 && ms <= YEAR_MS)).toBe(true)
  }
})

describe('a limit may be exhausted', () => {
  test.each([
    [{ 'x-ratelimit-remaining-requests': '0' }, true],
    [{ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-remaining-tokens': '0' }, true],
    [{ ratelimit: '"default";r=0;t=5' }, true],
    [{ 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-remaining-tokens': '1' }, false],
    [{ 'x-ratelimit-limit-requests': '0' }, false],
    [{}, false],
  ])('by %j: %s', (headers, expected) => {
    expect(mayBeExhausted(new Headers(headers as Record<string, string>))).toBe(expected)
  })
})
