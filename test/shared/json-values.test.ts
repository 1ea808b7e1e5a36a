import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createValueCounter } from '../../src/shared/json-values.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  ['1', 0],
  ['[1,2]', 2],
  ['{"a":[1,{"b":2}]}', 4],
  [String.raw`["a,b","\"[,","\\",1]`, 4],
])('counts the commas and openings of %s', (text, count) => {
  expect(createValueCounter()(bytes(text))).toBe(count)
})

test('counts at least every value but the first, however the text is cut', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(50), (value, size) => {
      const all = bytes(JSON.stringify(value))
      const count = createValueCounter()
      let counted = 0
      for (let start = 0; start < all.length; start += size + 1) {
        counted = count(all.subarray(start, start + size + 1))
      }
      expect(counted).toBe(createValueCounter()(all))
      expect(counted).toBeGreaterThanOrEqual(valuesIn(value) - 1)
    }),
  )
})

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return 1 + Object.values(value).reduce((sum: number, each) => sum + valuesIn(each), 0)
}
