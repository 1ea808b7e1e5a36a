import { describe, expect, it } from 'vitest'
import { typeBreaks } from '../../../../scripts/pipeline/compare/types.ts'

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

const breaks = (before: Parts, after: Parts): string[] =>
  typeBreaks(types(before), types(after)).map(({ where, what }) => `${where}: ${what}`)

describe('requests', () => {
  it.each([
    ['the same', '{ a?: string }', '{ a?: string }', []],
    ['more', '{ a: string }', '{ a: string; b?: number }', []],
    ['something required', '{ a: string }', '{ a: string; b: number }', ['request.b: must be sent now']],
    ['something required that was not', '{ a?: string }', '{ a: string }', ['request.a: must be sent now']],
    ['less', '{ a: string; b?: number }', '{ a: string }', ['request.b: is gone']],
    [
      'another type',
      '{ a: { b: string }[] }',
      '{ a: { b: number }[] }',
      ['request.a[].b: was string, is number'],
    ],
    ['fewer literals', "{ a: 'x' | 'y' }", "{ a: 'x' }", [`request.a: was "x" | "y", is "x"`]],
    ['more literals', "{ a: 'x' }", "{ a: 'x' | 'y' }", []],
    [
      'null no longer',
      '{ a?: string | null }',
      '{ a?: string }',
      ['request.a: was string | null, is string'],
    ],
    ['null as well', '{ a?: string }', '{ a?: string | null }', []],
    [
      'keys of any name no longer',
      '{ [k: string]: string }',
      '{ a?: string }',
      ['request[*]: keys of any name are gone'],
    ],
  ])('may be %s', (_, request, now, expected) => {
    expect(breaks({ request }, { request: now })).toEqual(expect.arrayContaining(expected))
    expect(breaks({ request }, { request: now }).length > 0).toBe(expected.length > 0)
  })
})

describe('answers', () => {
  it.each([
    ['more', '{ a: string }', '{ a: string; b: number }', []],
    ['always there', '{ a?: string }', '{ a: string }', []],
    ['perhaps missing', '{ a: string }', '{ a?: string }', ['answer 200.a: may be missing now']],
    ['gone', '{ a?: string }', '{ b?: string }', ['answer 200.a: is gone']],
    [
      'perhaps null',
      '{ a: { b: string } }',
      '{ a: { b: string } | null }',
      ['answer 200.a: was { b: string; }, is { b: string; } | null'],
    ],
    ['null no longer', '{ a: string | null }', '{ a: string }', []],
    ['one literal more', "{ a: 'x' }", "{ a: 'x' | 'y' }", ['answer 200.a: was "x", is "x" | "y"']],
    ['one literal less', "{ a: 'x' | 'y' }", "{ a: 'x' }", ['answer 200.a: can be "y" no longer']],
    ['named texts of any', '{ a: string }', "{ a: 'x' }", []],
    ['one kind less', '{ a: string | number }', '{ a: string }', ['answer 200.a: can be number no longer']],
    [
      'an item of another type',
      '{ a: string[] }',
      '{ a: number[] }',
      ['answer 200.a[]: was string, is number'],
    ],
    [
      'an alternative less',
      "{ a: { k: 'x'; b: string } | { k: 'y'; c: string } }",
      "{ a: { k: 'x'; b: string } }",
      ['answer 200.a.c: is gone'],
    ],
  ])('may be %s', (_, answer, now, expected) => {
    expect(breaks({ answer }, { answer: now })).toEqual(expect.arrayContaining(expected))
    expect(breaks({ answer }, { answer: now }).length > 0).toBe(expected.length > 0)
  })

  it('of errors count as well', () => {
    expect(breaks({ error: '{ a: string }' }, { error: '{ a: number }' })).toContain(
      'answer 422.a: was string, is number',
    )
  })

  it('that hold themselves end', () => {
    const tree = (leaf: string): Parts => ({
      answer: 'Tree',
      more: `interface Tree { leaf: ${leaf}; trees: Tree[] }`,
    })
    expect(breaks(tree('string'), tree('string'))).toEqual([])
    expect(breaks(tree('string'), tree('number'))).toContain('answer 200.leaf: was string, is number')
  })
})

describe('parameters', () => {
  it.each([
    ['a new optional one', '{ query?: never }', '{ query?: { a?: string } }', []],
    [
      'a new required one',
      '{ query?: never }',
      '{ query: { a: string } }',
      ['parameters.query: must be sent now'],
    ],
    ['one that is gone', '{ query?: { a?: string } }', '{ query?: never }', ['parameters.query: is gone']],
    [
      'one of another type',
      '{ query?: { a?: string } }',
      '{ query?: { a?: number } }',
      ['parameters.query.a: was string, is number'],
    ],
  ])('have %s', (_, parameters, now, expected) => {
    expect(breaks({ parameters }, { parameters: now })).toEqual(expect.arrayContaining(expected))
    expect(breaks({ parameters }, { parameters: now }).length > 0).toBe(expected.length > 0)
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
