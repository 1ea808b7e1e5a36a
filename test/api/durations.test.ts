import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDurationMs } from '../../src/api/durations.ts'
import { headerValues } from './random-headers.ts'

test('a duration beyond what a number holds is none', () => {
  expect(parseDurationMs('9'.repeat(306))).toBeUndefined()
  expect(parseDurationMs(`${'9'.repeat(30)}d`)).toBeDefined()
})

test('whatever the text, a duration is undefined or finite', () => {
  fc.assert(
    fc.property(headerValues, (value) => {
      const ms = parseDurationMs(value)
      expect(ms === undefined || Number.isFinite(ms)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
