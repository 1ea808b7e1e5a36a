import { describe, expect, it } from 'vitest'
import { dotted, show, showAll, showNews, wireChange } from '../../../scripts/spec/diff/changes.ts'

describe('a value in a message', () => {
  it.each([
    ['a text', 'a "b"\n', String.raw`"a \"b\"\n"`],
    ['a long text', 'a'.repeat(80), `"${'a'.repeat(80)}"`],
    ['a number', 5, '5'],
    ['nothing', undefined, 'nothing'],
    ['null', null, 'null'],
    ['a list', ['a', 1], '["a",1]'],
    ['as long as may be', ['a'.repeat(56)], `["${'a'.repeat(56)}"]`],
    ['longer than that', ['a'.repeat(57)], `["${'a'.repeat(57)}"…`],
  ])('is shown: %s', (_, value, expected) => {
    expect(show(value)).toBe(expected)
  })

  it.each([
    ['none', [], ''],
    ['five', [1, 2, 3, 4, 5], '1, 2, 3, 4, 5'],
    ['seven', [1, 2, 3, 4, 5, 6, 7], '1, 2, 3, 4, 5 and 2 more'],
  ])('is shown beside others: %s', (_, values, expected) => {
    expect(showAll(values)).toBe(expected)
  })
})

describe('a text that took the place of another one', () => {
  const alike = 'what both of them have in common, '
  const news = 'and then what only the later one of them says'

  it.each([
    ['whole, if it is short', `${alike}a`, `${alike}b`, `"${alike}b"`],
    ['whole, beside no text', 5, alike, `"${alike}"`],
    ['from its beginning, if it differs there', 'a', 'b'.repeat(81), `"${'b'.repeat(80)}…"`],
    ['from its beginning, if it differs soon', 'a'.repeat(30), 'a'.repeat(81), `"${'a'.repeat(80)}…"`],
    [
      'from a word shortly before it differs',
      `${alike}the end of it`,
      `${alike}${news} at the end`,
      '"…both of them have in common, and then what only the later one of them says at t…"',
    ],
    [
      'from within a long word, and to its end',
      `${'a'.repeat(100)}b`,
      `${'a'.repeat(100)}c d`,
      `"…${'a'.repeat(30)}c d"`,
    ],
    ['whole, if it is as long as may be', `${'a'.repeat(79)}b`, `${'a'.repeat(79)}c`, `"${'a'.repeat(79)}c"`],
    [
      'from a word that differs',
      `${'a'.repeat(40)} b`,
      `${'a'.repeat(40)} ${'c'.repeat(50)}`,
      `"…${'c'.repeat(50)}"`,
    ],
    ['from within its only word', `${'a'.repeat(100)}b`, `${'a'.repeat(100)}c`, `"…${'a'.repeat(30)}c"`],
    ['at its end, if the other one went on', `${'a '.repeat(50)}b`, 'a '.repeat(50), `"…${'a '.repeat(14)}"`],
  ])('is shown %s', (_, before, after, shown) => {
    expect(showNews(before, after)).toBe(shown)
  })
})

describe('a path', () => {
  it.each([
    ['top_n', 'request.top_n'],
    ['_a-1', 'request._a-1'],
    ['Ab', 'request.Ab'],
    ['1a', 'request["1a"]'],
    ['a b', 'request["a b"]'],
    ['a.b', 'request["a.b"]'],
    ['', 'request[""]'],
  ])('is written with the member %j', (name, expected) => {
    expect(dotted('request', name)).toBe(expected)
  })
})

it('a change is one printable line', () => {
  expect(wireChange('docs', 'words-changed', '#/info', 'info', 'a\u202e')).toEqual({
    class: 'docs',
    source: 'wire',
    id: 'words-changed',
    text: String.raw`info: a\u202e`,
    pointer: '#/info',
  })
})
