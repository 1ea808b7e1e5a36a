import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createRecentRate,
  progressBar,
  progressLine,
  showProgress,
  summaryLine,
} from '../../../src/cli/bulk/progress.ts'
import { shellOf } from '../../helpers/shell.ts'

const IDLE = { rateLimited: 0, cooldownMs: 0 }

test.each([
  ['at the start', [0, 0], { total: 10, perSecond: 0, limiter: IDLE }, '0 of 10, 0.0 jobs/s'],
  [
    'of a file',
    [1_000, 0],
    { total: 3_000, perSecond: 10, limiter: IDLE },
    '1,000 of 3,000, 10.0 jobs/s, 3 min left',
  ],
  ['near its end', [90, 0], { total: 100, perSecond: 10, limiter: IDLE }, '90 of 100, 10.0 jobs/s, 1 s left'],
  [
    'of days',
    [1, 0],
    { total: 10_000, perSecond: 1 / 60, limiter: IDLE },
    '1 of 10,000, 0.0 jobs/s, 166.7 h left',
  ],
  [
    'at a minute and a half',
    [10, 0],
    { total: 100, perSecond: 1, limiter: IDLE },
    '10 of 100, 1.0 jobs/s, 2 min left',
  ],
  [
    'at an hour and a half',
    [1, 0],
    { total: 91, perSecond: 1 / 60, limiter: IDLE },
    '1 of 91, 0.0 jobs/s, 1.5 h left',
  ],
  ['of a stream', [5, 0], { total: undefined, perSecond: 5, limiter: IDLE }, '5, 5.0 jobs/s'],
  ['with failures', [4, 1], { total: 5, perSecond: 5, limiter: IDLE }, '5 of 5, 5.0 jobs/s, 1 failed'],
  [
    'in a cooldown',
    [1, 0],
    { total: 2, perSecond: 1, limiter: { rateLimited: 1_234, cooldownMs: 7_100 } },
    '1 of 2, 1.0 jobs/s, 1,234 rate-limited, the service asks to wait 8 s, 9 s left',
  ],
  [
    'after a burst, by the limit',
    [300, 0],
    {
      total: 450,
      perSecond: 30,
      limiter: { ...IDLE, requests: { limit: 600, level: 50, perMinute: 600 }, requestsPerMinute: 600 },
    },
    '300 of 450, 30.0 jobs/s, 10 s left',
  ],
] as const)('progress %s', (_, [ranked, failed], how, line) => {
  expect(progressLine({ ranked, failed, tokens: 0 }, how)).toBe(line)
})

test('progress tells the tokens so far', () => {
  const how = { total: undefined, perSecond: 5, limiter: IDLE }
  expect(progressLine({ ranked: 5, failed: 0, tokens: 12_345 }, how)).toBe('5, 5.0 jobs/s, 12,345 tokens')
})

test('progress and summary tell what the tokens cost, where the price is known', () => {
  const tally = { ranked: 5, failed: 0, tokens: 12_345, pricePerMillion: 0.05 }
  const how = { total: undefined, perSecond: 5, limiter: IDLE }
  expect(progressLine(tally, how)).toBe('5, 5.0 jobs/s, 12,345 tokens for 0.00062')
  expect(summaryLine(tally, { done: 0, failed: 0 }, 1)).toBe('5 jobs, 12,345 tokens for 0.00062, 5.0 jobs/s')
})

test('a rate is that of the last fifteen seconds', () => {
  const rate = createRecentRate(0)
  const counts = [10, 20, 30, 40, 40, 40, 40, 50].map((count, index) => rate.at((index + 1) * 5_000, count))
  expect(counts).toEqual([2, 2, 2, 2, 4 / 3, 2 / 3, 0, 2 / 3])
})

test.each([
  [
    1_990,
    10,
    { done: 500, failed: 0 },
    '2,000 jobs, 10 failed, 500 already done, 123,456 tokens, 20.0 jobs/s',
  ],
  [1, 0, { done: 500, failed: 3 }, '1 job, 500 already done (3 failed), 123,456 tokens, 0.0 jobs/s'],
  [0, 0, { done: 0, failed: 0 }, '0 jobs, 123,456 tokens, 0.0 jobs/s'],
])('the summary of %i ranked and %i failed, after %j', (ranked, failed, before, line) => {
  expect(summaryLine({ ranked, failed, tokens: 123_456 }, before, 100)).toBe(line)
})

describe('a bar', () => {
  const tally = { ranked: 50, failed: 0, tokens: 0 }
  const standing = { total: 100, perSecond: 50, limiter: IDLE }
  const line = '50 of 100, 50.0 jobs/s, 1 s left'
  const halfFull = '█'.repeat(12) + '░'.repeat(12)
  const barIn = (columns: number): string => progressBar(tally, standing, { columns, coloured: false })

  test.each([
    ['with room', 80, `${halfFull}  ${line}`],
    ['that does not know its width', 0, `${halfFull}  ${line}`],
    ['with room for some of the words', 48, `${halfFull}  50 of 100, 50.0 jobs/s`],
    ['with room for the words alone', 47, line],
    ['with room for few words', 20, '50 of 100, 50.0 jobs'],
    ['with room for nothing', 1, '5'],
  ])('on a terminal %s', (_, columns, text) => {
    expect(barIn(columns)).toBe(text)
  })

  test.each([
    ['the end is not known', { ranked: 50 }, undefined, '50, 50.0 jobs/s'],
    ['there is nothing to do', { ranked: 0 }, 0, '0 of 0, 0.0 jobs/s'],
  ])('is not there where %s', (_, ranked, total, text) => {
    const how = { columns: 80, coloured: false }
    expect(progressBar({ ...tally, ...ranked }, { ...standing, perSecond: ranked.ranked, total }, how)).toBe(
      text,
    )
  })

  test('is filled by what failed, too', () => {
    const how = { columns: 48, coloured: false }
    expect(progressBar({ ...tally, ranked: 30, failed: 20 }, standing, how)).toMatch(`${halfFull}  50 of`)
  })

  test('in colour takes no more room', () => {
    const text = progressBar(tally, standing, { columns: 60, coloured: true })
    const [filled, rest] = ['█', '░'].map((piece) => piece.repeat(12))
    expect(text).toContain(`\u001B[32m${filled}\u001B[0m\u001B[2m${rest}\u001B[0m  50 of`)
    expect(text.replace(/\u001B\[\d+m/g, '')).toBe(barIn(60))
  })
})

describe('a run shows how it goes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    return () => void vi.useRealTimers()
  })

  const tally = { ranked: 20, failed: 0, tokens: 0 }
  const rateLimiter = { state: IDLE }

  /** Shows it on a stream, and gives what is said after a time, and once it has stopped. */
  function shown(terminal: object, ms: number): [meanwhile: string, rest: string] {
    const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), terminal)
    const said = (): string => String(stderr.read() ?? '')
    const { stop } = showProgress(shellOf({ stderr }), tally, 40, rateLimiter)
    vi.advanceTimersByTime(ms)
    const meanwhile = said()
    stop()
    vi.advanceTimersByTime(60_000)
    return [meanwhile, said()]
  }

  test('by a line every ten seconds', () => {
    expect(shown({}, 9_999)).toEqual(['', ''])
    expect(shown({}, 20_000)).toEqual([
      '20 of 40, 2.0 jobs/s, 10 s left\n20 of 40, 1.0 jobs/s, 20 s left\n',
      '',
    ])
  })

  test('by a bar on a terminal, which it takes away', () => {
    const bar = '█'.repeat(12) + '░'.repeat(12)
    const terminal = { isTTY: true, columns: 48 }
    expect(shown(terminal, 199)).toEqual(['', '\r\u001B[K'])
    const [meanwhile, rest] = shown(terminal, 200)
    expect(meanwhile.replace(/\u001B\[\d+m/g, '')).toBe(`\r\u001B[K${bar}  20 of 40, 100.0 jobs/s`)
    expect(meanwhile).toContain('\u001B[32m')
    expect(rest).toBe('\r\u001B[K')
  })
})
