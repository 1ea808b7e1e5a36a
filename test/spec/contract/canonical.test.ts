import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contractText, extractContract } from '../../../scripts/spec/contract/index.ts'
import { edited, PINNED_TEXT, POST, SCHEMAS, shuffled, TEXT, wholeApi } from '../../scripts/document.ts'

const textOf = (document: unknown): string => contractText(extractContract(document))

describe('the canonical text', () => {
  it('of the committed contract is the committed contract', () => {
    expect(textOf(JSON.parse(PINNED_TEXT))).toBe(PINNED_TEXT)
  })

  it('is the same when 150 further paths and 400 further schemas stand around the endpoint', () => {
    expect(textOf(wholeApi(150, 400))).toBe(PINNED_TEXT)
  })

  it('is the same whatever the order of keys', () => {
    const document = wholeApi(5, 10)
    assert(
      property(
        integer({ min: 1, max: 1_000_000 }),
        (seed) => textOf(shuffled(document, seed)) === PINNED_TEXT,
      ),
    )
  })

  it.each([
    [`${SCHEMAS}/RerankRequest/required`, ['query', 'documents', 'model', 'query']],
    [`${SCHEMAS}/ServiceTier/enum`, ['over-limit', 'no-limit', 'flex', 'default', 'auto']],
  ])('is the same whatever the order in %s', (pointer, value) => {
    expect(textOf(edited([pointer, value]))).toBe(PINNED_TEXT)
  })

  it.each([
    [`${TEXT}/type`, ['null', 'string']],
    [`${POST}/tags`, ['b', 'a']],
    [
      `${POST}/parameters`,
      [
        { name: 'b', in: 'query' },
        { name: 'a', in: 'query' },
      ],
    ],
  ])('is the same for both orders in %s', (pointer, value) => {
    expect(textOf(edited([pointer, value]))).toBe(textOf(edited([pointer, value.toReversed()])))
  })

  it('keeps parameters apart by their place and by their name', () => {
    const parameters = [
      { in: 'header', name: 'a', required: true },
      { in: 'query', name: 'a' },
      { in: 'query', name: 'b' },
    ]
    const text = textOf(edited([`${POST}/parameters`, parameters]))
    expect(JSON.parse(text)).toMatchObject({ paths: { '/v1/rerank': { post: { parameters } } } })
  })

  it('keeps the order of branches and examples', () => {
    const branches = [{ type: 'string' }, { type: 'null' }]
    expect(textOf(edited([`${TEXT}/anyOf`, branches]))).not.toBe(
      textOf(edited([`${TEXT}/anyOf`, branches.toReversed()])),
    )
  })

  it.each([
    ['a line separator', '\u2028', '\\u2028'],
    ['a bidirectional override', '\u202e', '\\u202e'],
    ['a zero-width space', '\u200b', '\\u200b'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['a C1 control', '\u0085', '\\u0085'],
    ['a delete', '\u007f', '\\u007f'],
    ['an invisible tag letter', '\u{e0061}', '\\udb40\\udc61'],
    ['a lone surrogate', '\ud800', '\\ud800'],
    ['an escape', '\u001b', '\\u001b'],
  ])('shows %s', (_, character, shown) => {
    const text = textOf(edited([`${TEXT}/description`, `a${character}b`]))
    expect(text).toContain(`"a${shown}b"`)
    expect(textOf(JSON.parse(text))).toBe(text)
  })

  it('leaves letters of every script alone', () => {
    const description = 'Überprüfung 検索 поиск 🔎'
    expect(textOf(edited([`${TEXT}/description`, description]))).toContain(description)
  })
})
