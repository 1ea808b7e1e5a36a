import { describe, expect, it } from 'vitest'
import { dotted, show, showAll, wireChange } from '../../../../scripts/pipeline/compare/changes.ts'

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
