import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf, cut, printable } from '../../src/cli/text.ts'

describe('columns', () => {
  test.each([
    ['plain', 5],
    ['é and e\u0301', 7],
    ['日本語', 6],
    ['한국어', 6],
    ['\u1112\u1161\u11ab', 2],
    ['ｆｕｌｌ', 8],
    ['ﾊﾝｶｸ', 4],
    ['กำลัง', 4],
    ['हिन्दी', 5],
    ['עברית', 5],
    ['👍🏽', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇫🇷', 2],
    ['❤️', 2],
    ['…', 1],
    ['', 0],
  ])('of %j are %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })
})

describe('a text that is cut', () => {
  test.each([
    ['fits', 4, 'fits'],
    ['does not', 4, 'doe…'],
    ['a  b\n\tc', 9, 'a b c'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    [' '.repeat(100_000) + 'far', 4, 'far'],
    [`e${'\u0301'.repeat(10_000)} zalgo`, 10, /^e\u0301+…$/],
  ])('%j in %i columns', (text, columns, shown) => {
    expect(cut(text, columns)).toEqual(typeof shown === 'string' ? shown : expect.stringMatching(shown))
  })

  test('never takes more columns than it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(columnsOf(cut(text, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})

test('no text is printed with a control character, or one that turns the line round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200E\u200F\u2028-\u202E\u2066-\u2069]/u)
    }),
  )
})
