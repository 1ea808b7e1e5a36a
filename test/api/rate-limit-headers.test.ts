import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mayBeExhausted,
  parseDurationMs,
  readRateLimit,
  readRetryAfterMs,
  refillMs,
} from '../../src/api/rate-limit-headers.ts'
import type { RateLimit } from '../../src/api/rate-limit-headers.ts'

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0)
const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS

describe('Retry-After', () => {
  test.each([
    ['1', 1000],
    ['1.5', 1500],
    [' 2 ', 2000],
    ['259200', 3 * DAY_MS],
    ['1s', 1000],
    [' 1s\t', 1000],
    ['900s', 900_000],
    ['1m2s', 62_000],
    ['1h', 3_600_000],
    ['2d', 2 * DAY_MS],
    ['250ms', 250],
    ['1m0.5s', 60_500],
    ['0.0001', 1],
    ['31622400', YEAR_MS],
    ['1s'.padStart(32, '0'), 1000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
  ])('%j is %i ms', (value, ms) => {
    expect(readRetryAfterMs(new Headers({ 'retry-after': value }), NOW)).toBe(ms)
  })

  test.each([
    ['negative', '-1'],
    ['zero', '0'],
    ['a zero duration', '0s'],
    ['a date that is past', 'Thu, 01 Jan 2026 11:59:59 GMT'],
    ['not a number', 'NaN'],
    ['infinite', 'Infinity'],
    ['beyond what a number holds', '9'.repeat(400)],
    ['empty', ''],
    ['a word', 'soon'],
    ['more than a year', '31622401'],
    ['longer than any duration is', '1s'.padStart(33, '0')],
    ['a date after a remark', '(about) Thu, 01 Jan 2026 12:00:30 GMT'],
    ['a date before a remark', 'Thu, 01 Jan 2026 12:00:30 GMT (about)'],
    ['a date without a zone', '2026-01-01'],
    ['no date', 'Xyz, 99 Foo 2026 99:99:99 GMT'],
    ['a duration with a broken number', '1.2.3s'],
    ['a duration with an unknown unit', '3w'],
    ['in hexadecimal', '0x10'],
    ['a list', '1, 2'],
  ])('counts as not said when it is %s', (_, value) => {
    expect(readRetryAfterMs(new Headers({ 'retry-after': value }), NOW)).toBeUndefined()
  })

  test.each([
    ['ahead', 'Thu, 01 Jan 2026 12:05:00 GMT', 'Thu, 01 Jan 2026 12:05:30 GMT'],
    ['behind', 'Thu, 01 Jan 2026 11:55:00 GMT', 'Thu, 01 Jan 2026 11:55:30 GMT'],
  ])('as a date is counted from the response’s own, of a clock that is %s', (_, date, value) => {
    expect(readRetryAfterMs(new Headers({ date, 'retry-after': value }), NOW)).toBe(30_000)
  })

  test('counts where retry-after-ms is zero', () => {
    const headers = new Headers({ 'retry-after': '5', 'retry-after-ms': '0' })
    expect(readRetryAfterMs(headers, NOW)).toBe(5000)
  })

  test('yields to retry-after-ms', () => {
    const headers = new Headers({ 'retry-after': '5', 'retry-after-ms': '1500' })
    expect(readRetryAfterMs(headers, NOW)).toBe(1500)
  })

  test('counts where retry-after-ms is unreadable', () => {
    const headers = new Headers({ 'retry-after': '5', 'retry-after-ms': 'NaN' })
    expect(readRetryAfterMs(headers, NOW)).toBe(5000)
  })

  test('may be missing', () => {
    expect(readRetryAfterMs(new Headers(), NOW)).toBeUndefined()
  })
})

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

test('a duration beyond what a number holds is none', () => {
  expect(parseDurationMs('9'.repeat(306))).toBeUndefined()
  expect(parseDurationMs(`${'9'.repeat(30)}d`)).toBeDefined()
})

describe('whatever the headers say', () => {
  const number = fc.oneof(
    fc.integer().map(String),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.nat({ max: 400 }).map((digits) => '9'.repeat(digits)),
  )
  const duration = fc
    .array(fc.tuple(number, fc.constantFrom('d', 'h', 'm', 's', 'ms', '', ' ', '-')))
    .map((parts) => parts.flat().join(''))
  const date = fc.date({ noInvalidDate: true }).map((value) => value.toUTCString())
  const anything = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  })
  const text = fc.oneof(number, duration, date, anything)

  test('a wait is undefined, or finite and from 0 to a year', () => {
    fc.assert(
      fc.property(fc.constantFrom('retry-after', 'retry-after-ms'), text, (name, value) => {
        expectWait(readRetryAfterMs(new Headers({ [name]: value }), NOW))
      }),
      { numRuns: 1000 },
    )
  })

  test('a refill is undefined, or finite and from 0 to a year', () => {
    fc.assert(
      fc.property(text, text, (remaining, reset) => {
        const headers = { 'x-ratelimit-remaining-tokens': remaining, 'x-ratelimit-reset-tokens': reset }
        expectWait(refillMs(readRateLimit(new Headers(headers))))
      }),
      { numRuns: 1000 },
    )
  })

  test('a duration is undefined or finite', () => {
    fc.assert(
      fc.property(text, (value) => {
        const ms = parseDurationMs(value)
        expect(ms === undefined || Number.isFinite(ms)).toBe(true)
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
