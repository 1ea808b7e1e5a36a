import { describe, expect, it } from 'vitest'
import { byCodeUnit, isObject, pointerTo, tooDeepAt, valueAt } from '../../../scripts/spec/lib/json.ts'

describe('JSON', () => {
  it.each([
    [{}, true],
    [null, false],
    [[], false],
    ['text', false],
    [undefined, false],
  ])('tells an object from the rest: %j, %s', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })

  it.each([
    [['a', 'b'], 1],
    [[], { a: { b: 1 }, list: [5] }],
    [['a', 'c'], undefined],
    [['a', 'b', 'c'], undefined],
    [['list', '0'], undefined],
    [['toString'], undefined],
  ])('is followed by its own keys: %j', (keys, value) => {
    expect(valueAt({ a: { b: 1 }, list: [5] }, ...keys)).toEqual(value)
  })

  it.each([
    ['a/b', '#/a~1b'],
    ['~/', '#/~0~1'],
    ['~1', '#/~01'],
    [5, '#/5'],
  ])('is pointed to by %j', (key, pointer) => {
    expect(pointerTo('#', key)).toBe(pointer)
  })

  it('is sorted by code unit', () => {
    expect(['b', 'a', 'B', 'é', 'a'].sort(byCodeUnit)).toEqual(['B', 'a', 'a', 'b', 'é'])
    expect(byCodeUnit('a', 'a')).toBe(0)
    expect(byCodeUnit('b', 'a')).toBe(1)
  })

  it.each([
    [{ a: [{}] }, 3, undefined],
    [{ a: [{}] }, 2, '#/a/0'],
    [{ a: [1, null, 'x'] }, 2, undefined],
    [{ 'a/b': { c: {} }, d: 1 }, 1, '#/a~1b'],
    [[], 0, '#'],
    ['text', 0, undefined],
    [null, 0, undefined],
  ])('that nests too deep is found: in %j beyond %i levels at %s', (value, limit, pointer) => {
    expect(tooDeepAt(value, limit)).toBe(pointer)
  })
})
