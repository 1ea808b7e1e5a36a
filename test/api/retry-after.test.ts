import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRetryAfterMs } from '../../src/api/retry-after.ts'
import { headerValues } from './random-headers.ts'

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
    ['0.01', 10],
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
    ['over at once', '0.001'],
    ['a duration that is over at once', '9ms'],
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

test('whatever the headers say, a wait is undefined, or finite and from 0 to a year', () => {
  fc.assert(
    fc.property(fc.constantFrom('retry-after', 'retry-after-ms'), headerValues, (name, value) => {
      const ms = readRetryAfterMs(new Headers({ [name]: value }), NOW)
      expect(ms === undefined || (ms >= 0 && ms <= YEAR_MS)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
