import { describe, expect, it } from 'vitest'
import { pathOf, typeBreaks, type TypeBreak } from '../../../scripts/spec/diff/types.ts'

interface Parts {
  readonly request?: string
  readonly answer?: string
  readonly error?: string
  readonly parameters?: string
  readonly more?: string
}

/** Generated types of an operation. */
function types({
  request = '{ a: string }',
  answer = '{ a: string }',
  error = '{ a: string }',
  parameters = '{ query?: never }',
  more = '',
}: Parts): string {
  const body = (type: string): string => `{ content: { 'application/json': ${type} } }`
  return `${more}
export interface paths { '/v1/rerank': { post: {
  parameters: ${parameters}
  requestBody: ${body(request)}
  responses: { 200: ${body(answer)}; 422: ${body(error)} }
} } }`
}

const LONG = `{ a: ${Array.from({ length: 30 }, (_, index) => `'${index}'`).join(' | ')} }`

const breaks = (before: Parts, after: Parts): string[] =>
  typeBreaks(types(before), types(after)).map((found) => `${found.kind} ${pathOf(found)}: ${whatOf(found)}`)

function whatOf({ kind, before, after }: TypeBreak): string {
  if (kind === 'type-changed') return `was ${before ?? ''}, is ${after ?? ''}`
  return kind === 'name-removed' ? 'is gone' : (after ?? '')
}

describe('requests', () => {
  it.each([
    [
      'a list no longer',
      '{ a: string[] }',
      '{ a: string }',
      ['type-changed request.a: was string[], is string'],
    ],
    [
      'an object where a list was',
      '{ a: string[] }',
      '{ a: { b: string } }',
      ['type-changed request.a: was string[], is { b: string; }'],
    ],
    [
      'a list where an object was',
      '{ a: { b: string } }',
      '{ a: string[] }',
      ['type-changed request.a: was { b: string; }, is string[]', 'name-removed request.a.b: is gone'],
    ],
    [
      'a map of another type',
      '{ [k: string]: string }',
      '{ [k: string]: number }',
      ['type-changed request: was { [k: string]: string; }, is { [k: string]: number; }'],
    ],
    [
      'one of which one is of another type',
      '{ a: { b: string } | { c: string } }',
      '{ a: { b: string } | { c: number } }',
      ['type-changed request.a: was { b: string; } | { c: string; }, is { b: string; } | { c: number; }'],
    ],
    [
      'a choice less',
      '{ a: { b: string } | { c: string } }',
      '{ a: { b: string } }',
      [
        'type-changed request.a: was { b: string; } | { c: string; }, is { b: string; }',
        'name-removed request.a.c: is gone',
      ],
    ],
    [
      'of a long type',
      LONG,
      '{ a: number }',
      [
        'type-changed request.a: was "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "10" | "11" | "12" |…, is number',
      ],
    ],
    ['another name', '{ a?: string }', '{ b?: string }', ['name-removed request.a: is gone']],
    ['the same', '{ a?: string }', '{ a?: string }', []],
    ['more', '{ a: string }', '{ a: string; b?: number }', []],
    [
      'something required',
      '{ a: string }',
      '{ a: string; b: number }',
      ['field-required request.b: required'],
    ],
    [
      'something required that was not',
      '{ a?: string }',
      '{ a: string }',
      ['field-required request.a: required'],
    ],
    ['less', '{ a: string; b?: number }', '{ a: string }', ['name-removed request.b: is gone']],
    [
      'another type',
      '{ a: { b: string }[] }',
      '{ a: { b: number }[] }',
      ['type-changed request.a[].b: was string, is number'],
    ],
    ['fewer literals', "{ a: 'x' | 'y' }", "{ a: 'x' }", [`type-changed request.a: was "x" | "y", is "x"`]],
    ['more literals', "{ a: 'x' }", "{ a: 'x' | 'y' }", []],
    [
      'null no longer',
      '{ a?: string | null }',
      '{ a?: string }',
      ['type-changed request.a: was string | null, is string'],
    ],
    ['null as well', '{ a?: string }', '{ a?: string | null }', []],
    [
      'keys of any name no longer',
      '{ [k: string]: string }',
      '{ a?: string }',
      ['name-removed request[*]: is gone'],
    ],
  ])('may be %s', (_, request, now, expected) => {
    expect(breaks({ request }, { request: now })).toEqual(expected)
  })
})

describe('answers', () => {
  it.each([
    [
      'a list no longer',
      '{ a: string[] }',
      '{ a: string }',
      ['type-changed response 200.a: was string[], is string', 'name-removed response 200.a: is gone'],
    ],
    [
      'always there, and of another type',
      '{ a?: string }',
      '{ a: number }',
      ['type-changed response 200.a: was string, is number', 'name-removed response 200.a: is gone'],
    ],
    [
      'without a key, and of another type',
      '{ a: string; b: string }',
      '{ a: number }',
      [
        'type-changed response 200.a: was string, is number',
        'name-removed response 200.b: is gone',
        'name-removed response 200.a: is gone',
        'name-removed response 200.b: is gone',
      ],
    ],
    [
      'a map no longer',
      '{ [k: string]: string }',
      '{ a?: string }',
      ['name-removed response 200[*]: is gone'],
    ],
    [
      'a map beside others',
      '{ a: { [k: string]: string } | { b: string } }',
      '{ a: { b: string } | { [k: string]: string } }',
      [],
    ],
    ['a map of nothing', '{ [k: string]: never }', '{}', []],
    ['another object', '{ a: { b: string } | string }', '{ a: { b: string; c: string } | string }', []],
    ['any number', '{ a: 1 | 2 }', '{ a: number }', ['type-changed response 200.a: was 1 | 2, is number']],
    [
      'a list within a list less',
      '{ a: { b: string; c?: string }[][] }',
      '{ a: { b: string }[][] }',
      ['name-removed response 200.a[][].c: is gone'],
    ],
    ['nothing to name', '{ a?: never; c: string }', '{ b: string; c: string }', []],
    ['more', '{ a: string }', '{ a: string; b: number }', []],
    ['always there', '{ a?: string }', '{ a: string }', []],
    ['perhaps missing', '{ a: string }', '{ a?: string }', ['field-optional response 200.a: optional']],
    ['gone', '{ a?: string }', '{ b?: string }', ['name-removed response 200.a: is gone']],
    [
      'perhaps null',
      '{ a: { b: string } }',
      '{ a: { b: string } | null }',
      ['type-changed response 200.a: was { b: string; }, is { b: string; } | null'],
    ],
    ['null no longer', '{ a: string | null }', '{ a: string }', []],
    [
      'one literal more',
      "{ a: 'x' }",
      "{ a: 'x' | 'y' }",
      ['type-changed response 200.a: was "x", is "x" | "y"'],
    ],
    ['one literal less', "{ a: 'x' | 'y' }", "{ a: 'x' }", ['name-removed response 200.a: is gone']],
    ['named texts of any', '{ a: string }', "{ a: 'x' }", []],
    ['one kind less', '{ a: string | number }', '{ a: string }', ['name-removed response 200.a: is gone']],
    [
      'an item of another type',
      '{ a: string[] }',
      '{ a: number[] }',
      ['type-changed response 200.a[]: was string, is number', 'name-removed response 200.a[]: is gone'],
    ],
    [
      'an alternative less',
      "{ a: { k: 'x'; b: string } | { k: 'y'; c: string } }",
      "{ a: { k: 'x'; b: string } }",
      ['name-removed response 200.a.k: is gone', 'name-removed response 200.a.c: is gone'],
    ],
  ])('may be %s', (_, answer, now, expected) => {
    expect(breaks({ answer }, { answer: now })).toEqual(expected)
  })

  it('of errors count as well', () => {
    expect(breaks({ error: '{ a: string }' }, { error: '{ a: number }' })).toContain(
      'type-changed response 422.a: was string, is number',
    )
  })

  it('that hold themselves end', () => {
    const tree = (leaf: string): Parts => ({
      answer: 'Tree',
      more: `interface Tree { leaf: ${leaf}; trees: Tree[] }`,
    })
    expect(breaks(tree('string'), tree('string'))).toEqual([])
    expect(breaks(tree('string'), tree('number'))).toContain(
      'type-changed response 200.leaf: was string, is number',
    )
  })
})

describe('parameters', () => {
  it.each([
    ['a new optional one', '{ query?: never }', '{ query?: { a?: string } }', []],
    [
      'a new required one',
      '{ query?: never }',
      '{ query: { a: string } }',
      ['field-required parameter query: required'],
    ],
    [
      'one that is gone',
      '{ query?: { a?: string } }',
      '{ query?: never }',
      [
        'type-changed parameter query: was { a?: string; }, is undefined',
        'name-removed parameter query: is gone',
      ],
    ],
    [
      'one of another type',
      '{ query?: { a?: string } }',
      '{ query?: { a?: number } }',
      ['type-changed parameter query.a: was string, is number'],
    ],
  ])('have %s', (_, parameters, now, expected) => {
    expect(breaks({ parameters }, { parameters: now })).toEqual(expected)
  })
})

describe('no comparison is no verdict', () => {
  it.each([
    ['do not parse', 'export interface paths {'],
    ['refer to nothing', types({ answer: 'Missing' })],
    ['have no operation', 'export interface paths { a: string }'],
    ['have an operation of any shape', "export interface paths { '/v1/rerank': { post: any } }"],
    ['are no types', ''],
  ])('where types %s', (_, broken) => {
    expect(() => typeBreaks(types({}), broken)).toThrow(/^the generated types /)
    expect(() => typeBreaks(broken, types({}))).toThrow(/^the generated types /)
  })
})

it('leaves a status that came or went to the wire', () => {
  const [before, after] = [types({}), types({}).replace('422:', '400:')]
  expect([typeBreaks(before, after), typeBreaks(after, before)]).toEqual([[], []])
})
