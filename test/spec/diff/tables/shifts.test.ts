import { describe, expect, it } from 'vitest'
import { cameOrWent, shiftOf, type ValueReading } from '../../../../scripts/spec/diff/tables/shifts.ts'

type Way = 'tighter' | 'looser' | 'both' | 'neither'

describe('a keyword’s value', () => {
  it.each<[reading: ValueReading, before: unknown, after: unknown, way: Way, text: string]>([
    ['presence', undefined, 'a', 'tighter', 'key is new ("a")'],
    ['presence', 'a', undefined, 'looser', 'key is gone ("a")'],
    ['presence', 'a', 'b', 'both', 'key was "a", is "b"'],
    ['types', undefined, 'string', 'tighter', 'key is new ("string")'],
    ['types', 'number', 'integer', 'tighter', 'key was "number", is "integer"'],
    ['types', 'integer', 'number', 'looser', 'key was "integer", is "number"'],
    ['types', 'string', 'number', 'both', 'key was "string", is "number"'],
    ['types', 'string', 'integer', 'both', 'key was "string", is "integer"'],
    ['types', 'number', 'string', 'both', 'key was "number", is "string"'],
    ['types', 'integer', 'string', 'both', 'key was "integer", is "string"'],
    ['ceiling', 4, 2, 'tighter', 'key was 4, is 2'],
    ['ceiling', 2, 4, 'looser', 'key was 2, is 4'],
    ['ceiling', 2, 2, 'neither', 'key was 2, is 2'],
    ['ceiling', 2, undefined, 'looser', 'key is gone (2)'],
    ['floor', 2, 4, 'tighter', 'key was 2, is 4'],
    ['floor', 4, 2, 'looser', 'key was 4, is 2'],
    ['floor', 2, undefined, 'looser', 'key is gone (2)'],
    ['divisor', 2, 4, 'tighter', 'key was 2, is 4'],
    ['divisor', 4, 2, 'looser', 'key was 4, is 2'],
    ['divisor', 4, 6, 'both', 'key was 4, is 6'],
    ['values', ['a', 'b'], ['a'], 'tighter', 'key loses "b"'],
    ['values', ['a'], ['a', 'b', 'c'], 'looser', 'key gains "b", "c"'],
    ['values', ['a', null], ['a', 1], 'both', 'key gains 1 and loses null'],
    ['values', ['a'], 'a', 'tighter', 'key loses "a"'],
    ['values', [], ['a', 'b', 'c', 'd', 'e', 'f'], 'looser', 'key gains "a", "b", "c", "d", "e" and 1 more'],
  ])('read as %s moves from %j to %j: %s', (reading, before, after, way, text) => {
    expect(shiftOf(reading, 'key', before, after)).toEqual({ ...flags(way), text })
  })

  it('may be left untold', () => {
    expect(cameOrWent('key', true)).toEqual({ ...flags('tighter'), text: 'key is new' })
    expect(cameOrWent('key', false)).toEqual({ ...flags('looser'), text: 'key is gone' })
  })
})

function flags(way: Way): { tighter: boolean; looser: boolean } {
  return { tighter: way === 'tighter' || way === 'both', looser: way === 'looser' || way === 'both' }
}
