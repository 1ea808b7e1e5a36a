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
    ['a b c', 3, 'a…'],
  ])('%j in %i columns', (text, columns, shown) => {
    expect(cut(text, columns)).toBe(shown)
  })

  test.each([
    ['blanks before it', ' '.repeat(100_000) + 'far', /^far$/],
    ['marks on a letter', `e${'\u0301'.repeat(10_000)} zalgo`, /^e\u0301+…$/],
  ])('for all the %s', (_, text, shown) => {
    expect(cut(text, 10)).toMatch(shown)
  })

  test('never takes more columns than it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(columnsOf(cut(text, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})

test.each([
  ['\u0000\u001B\u0007\u001F', '␀␛␇␟'],
  ['\u007F', '␡'],
  ['\u0080\u009B\uD800', '���'],
  [' a \t\r\n\u00A0b\u2028', 'a b'],
  ['a\u202E\u200Eb\u200Bc\u00AD', 'abc'],
  ['\u200Ca\u200D', '\u200Ca\u200D'],
])('%j is printed as %j', (text, printed) => {
  expect(printable(text)).toBe(printed)
})

test('no text is printed with a control character, or one that turns the line round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200E\u200F\u2028-\u202E\u2066-\u2069]/u)
    }),
  )
})
