import { describe, expect, it } from 'vitest'
import {
  assertCompiles,
  kindsIn,
  memberType,
  memberTypeAt,
  typePair,
} from '../../../scripts/spec/lib/compiler.ts'
import { ts } from '../../../scripts/spec/lib/typescript.ts'

const BEFORE =
  'export type components = 1; export interface paths { "/a": { post: { body?: { n: 1 | "x" | undefined } } } }'
const AFTER = 'export type paths = { "/a": { post: { body: string } } }'

describe('generated types', () => {
  it('compile with what they may refer to', () => {
    const code =
      'export type A = Record<string, readonly 1[]> | Omit<{ a: 1; b?: 2 }, "a"> | Exclude<1 | 2, 1>'
    expect(() => assertCompiles(code, 'a.ts')).not.toThrow()
  })

  it.each([
    [
      'export type A = string\nexport type B = Missing',
      /^the generated types do not compile, at line 2: .*'Missing'/,
    ],
    ['export type A = Promise<1>', /^the generated types do not compile, at line 1: .*'Promise'/],
    ['export type A = {', /^the generated types do not compile, at line 1: '}' expected/],
  ])('do not: %j', (code, message) => {
    expect(() => assertCompiles(code, 'a.ts')).toThrow(message)
  })

  it('are read as a pair, each by the way to its operation', () => {
    const { checker, before, after } = typePair(BEFORE, AFTER, ['/a', 'post'])
    const shown = [before, after].map((type) =>
      checker.typeToString(memberType(checker, type, 'body') ?? expect.fail()),
    )
    expect(shown).toEqual(['{ n: 1 | "x" | undefined; } | undefined', 'string'])
  })

  it.each([
    [BEFORE, 'export type other = 1', ['/a', 'post']],
    [BEFORE, AFTER, ['/a', 'get']],
    [BEFORE, AFTER, ['/b', 'post']],
    [BEFORE, AFTER, ['/a', 'post', 'body']],
    ['', AFTER, ['/a', 'post']],
  ])('without the operation are refused', (before, after, keys) => {
    expect(() => typePair(before, after, keys)).toThrow(
      `the generated types have no paths['${keys.join("']['")}']`,
    )
  })

  it('have members, optional or not, and kinds without undefined', () => {
    const { checker, before } = typePair(BEFORE, AFTER, ['/a', 'post'])
    const member = memberTypeAt(checker, before, ['body', 'n']) ?? expect.fail()
    expect(kindsIn(member).map((kind) => checker.typeToString(kind))).toEqual(['1', '"x"'])
    expect(memberTypeAt(checker, before, ['body', 'm', 'n'])).toBeUndefined()
    expect(memberTypeAt(checker, undefined, [])).toBeUndefined()
    expect(memberType(checker, before, 'other')).toBeUndefined()
    const body = memberTypeAt(checker, before, ['body']) ?? expect.fail()
    expect(kindsIn(checker.getNonNullableType(body))).toHaveLength(1)
    expect(kindsIn(body).every(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0)).toBe(true)
  })
})
