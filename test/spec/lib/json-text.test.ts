import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasNoMembers, parseJsonText, TOO_LARGE } from '../../../scripts/spec/lib/json-text.ts'
import { tries } from '../../helpers/effort.ts'

const PADDING = 'x'.repeat(70_000)
/** Too large to be read at once. */
const large = (members: string): string => `{${members},"padding":"${PADDING}"}`

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

describe('JSON text', () => {
  it('is found to have no members without reading the names of a large object', () => {
    expect(hasNoMembers(parseJsonText('{}') as object)).toBe(true)
    expect(hasNoMembers(parseJsonText('{"a":1}') as object)).toBe(false)
    const unread = new Proxy({}, { ownKeys: () => expect.fail('the names are read') })
    expect(hasNoMembers(unread)).toBe(false)
  })

  it('means what JSON.parse takes it for, small or large', () => {
    const check = (value: unknown, space: number): void => {
      const text = JSON.stringify(value, null, space)
      expect(parseJsonText(text)).toEqual(JSON.parse(text))
      const whole = large(`"value":${text},"inner":${large(`"value":${text}`)}`)
      expect(plain(parseJsonText(whole))).toEqual(JSON.parse(whole))
    }
    fc.assert(fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), fc.nat(3), check), {
      seed: 7,
      numRuns: tries(100),
    })
  })

  it('is refused where JSON.parse refuses it, and only there', () => {
    const texts = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', '\\', '\\u12', 'e', '-', '0', ' ', '\u0001'),
    )
    const check = ([json, seed, insert]: [string, number, string]): void => {
      const at = seed % (json.length + 1)
      const text = json.slice(0, at) + insert + json.slice(at + (seed % 2))
      expect(outcome(() => parseJsonText(text))).toBe(outcome(() => JSON.parse(text) as unknown))
    }
    fc.assert(fc.property(texts, check), { seed: 7, numRuns: tries(2_000) })
  })

  it.each([
    ['{"a":1,}', 7, false],
    ['{"a":1', 6, true],
    ['{"a', 3, true],
    ['"\\', 2, true],
    ['"\\u00', 5, true],
    ['tru', 3, true],
    ['-', 1, true],
    ['1e', 2, true],
    ['[1 2]', 3, false],
    ['01', 1, false],
    ['"\n"', 1, false],
    ['"\\x"', 2, false],
    ['{} {}', 3, false],
    ['nul1', 3, false],
    [large('"a":01'), 6, false],
  ])('%.20s goes wrong at %i', (text, position, isCut) => {
    expect(thrownBy(() => parseJsonText(text))).toMatchObject({ position, isCut })
  })

  it('has the last of two values by one name', () => {
    expect(parseJsonText(large('"a":1,"\\u0061":2'))).toMatchObject({ a: 2 })
  })

  it('has names that JavaScript knows like any other', () => {
    const value = parseJsonText(large('"__proto__":{"a":1},"constructor":2'))
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'padding'])
    expect(Object.hasOwn(value as object, 'toString')).toBe(false)
    expect(Reflect.get(value as object, 'constructor')).toBe(2)
    expect('toString' in (value as object)).toBe(false)
  })

  it('is read once, and stays as it is', () => {
    const value = parseJsonText(large('"a":{"b":1}')) as { a: unknown }
    expect(value.a).toBe(value.a)
    expect(() => (value.a = 1)).toThrow(TypeError)
  })

  it('nests as deeply as it likes where nobody looks', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    expect(parseJsonText(large(`"deep":${deep},"a":1`))).toHaveProperty('a', 1)
  })

  it.each([
    ['list', `[${'0,'.repeat(3 * 1024 * 1024)}0]`],
    ['text', `"${'x'.repeat(5 * 1024 * 1024)}"`],
  ])('has a mark in place of a %s of more than 4 MiB', (_, text) => {
    expect(parseJsonText(large(`"long":${text}`))).toHaveProperty('long', TOO_LARGE)
  })

  it('has a mark in place of what is large far below', () => {
    const text = Array.from({ length: 9 }).reduce<string>(
      (inner) => `{"a":${inner}}`,
      `"${'x'.repeat(5 * 1024 * 1024)}"`,
    )
    const levels = (value: unknown): number =>
      value === TOO_LARGE ? 0 : 1 + levels(Reflect.get(value as object, 'a'))
    expect(levels(parseJsonText(text))).toBe(8)
  })
})

function outcome(read: () => unknown): string {
  return thrownBy(read) === undefined ? 'read' : 'refused'
}

function thrownBy(read: () => unknown): SyntaxError | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof SyntaxError) return error
    throw error
  }
}
