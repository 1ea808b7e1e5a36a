import { expect, it } from 'vitest'
import { SCHEMA } from '../../../scripts/spec/contract/vocabulary.ts'
import { matches, NOTES, RULES, STRUCTURE, WORDS } from '../../../scripts/spec/schema/keywords.ts'

it('every keyword that a contract may hold is read somewhere', () => {
  const known = new Set([...Object.keys(RULES), ...STRUCTURE, ...NOTES, ...WORDS])
  const unread = Object.keys(SCHEMA).filter((keyword) => !known.has(keyword))
  expect(unread, 'add it to RULES or STRUCTURE in scripts/spec/schema/keywords.ts').toEqual([])
})

it.each([
  ['^a', 'abc', true],
  ['b$', 'abc', false],
  ['(a+)+$', 'a'.repeat(100), undefined],
  ['a*b*c*d*', 'x', undefined],
  ['[', 'x', undefined],
  ['(?P<name>a)', 'a', undefined],
])('the pattern %s is tried only where that takes no time: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})
