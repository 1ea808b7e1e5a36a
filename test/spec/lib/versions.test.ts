import { expect, it } from 'vitest'
import { isUpTo } from '../../../scripts/spec/lib/versions.ts'

it.each([
  ['20260506-297d05704', '20260916-b712a99a4', true],
  ['20260930-a', '20260916-b', false],
  ['20260916-a', '20260916-b', false],
  ['20260916-b', '20260916-b', true],
  ['20260916-b', '20260916', true],
  ['20260916', '20260916-b', false],
  ['1.9.3', '1.10', true],
  ['1.10.1', '1.10', false],
  ['2', '1.10', false],
  ['v2', 'v3', false],
  ['v2', 'v2', true],
  ['', '1', false],
])('%s is up to %s: %s', (version, last, expected) => {
  expect(isUpTo(version, last)).toBe(expected)
})
