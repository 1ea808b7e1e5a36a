import { expect, test } from 'vitest'
import { progressLine, summaryLine } from '../../src/cli/bulk-progress.ts'

const IDLE = { cooldownMs: 0 }

test.each([
  ['at the start', [0, 0], { total: 10, seconds: 0, pace: IDLE }, '0 of 10, 0.0 a second'],
  [
    'of a file',
    [1_000, 0],
    { total: 3_000, seconds: 100, pace: IDLE },
    '1,000 of 3,000, 10.0 a second, 3 min left',
  ],
  ['near its end', [90, 0], { total: 100, seconds: 9, pace: IDLE }, '90 of 100, 10.0 a second, 1 s left'],
  ['of days', [1, 0], { total: 10_000, seconds: 60, pace: IDLE }, '1 of 10,000, 0.0 a second, 166.7 h left'],
  ['of a stream', [5, 0], { total: undefined, seconds: 1, pace: IDLE }, '5, 5.0 a second'],
  ['with failures', [4, 1], { total: 5, seconds: 1, pace: IDLE }, '5 of 5, 5.0 a second, 1 failed'],
  [
    'in a cooldown',
    [1, 0],
    { total: 2, seconds: 1, pace: { cooldownMs: 7_100 } },
    '1 of 2, 1.0 a second, the service asks to wait 8 s, 1 s left',
  ],
] as const)('progress %s', (_, [ranked, failed], how, line) => {
  expect(progressLine({ ranked, failed, tokens: 0 }, how)).toBe(line)
})

test('the summary counts jobs, failures, tokens and what was done before', () => {
  expect(summaryLine({ ranked: 1_990, failed: 10, tokens: 123_456 }, 500, 100)).toBe(
    '2,000 jobs, 10 failed, 500 done before, 123,456 tokens, 20.0 a second',
  )
})
