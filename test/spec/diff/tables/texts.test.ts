import { describe, expect, it } from 'vitest'
import { otherWords, suspiciousTexts } from '../../../../scripts/spec/diff/tables/texts.ts'
import { extractContract } from '../../../../scripts/spec/contract/index.ts'
import { edited, POST, SCHEMAS, TEXT, type Edit } from '../../../scripts/document.ts'

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const WORDS = `${TEXT}/description`
const HIDDEN = 'holds characters that cannot be seen: look before it is merged'

const told = (compare: typeof otherWords, given: readonly Edit[], edits: readonly Edit[]): string[] =>
  compare(
    extractContract(edited(...structuredClone(given))),
    extractContract(edited(...structuredClone([...given, ...edits]))),
  ).map(({ text }) => text)

describe('a text is suspicious', () => {
  const flagged = (before: string, after: string): string[] =>
    told(suspiciousTexts, [[WORDS, before]], [[WORDS, after]])

  it.each([
    ['for a tag', 'a', 'a @b', ['carries the tag "@b": look before it is merged']],
    ['for each tag once', '@a', '@b @a @c @b', ['carries the tag "@b"', 'carries the tag "@c"']],
    ['not for a tag that was there', '@a', 'the @a', []],
    ['not for an address', 'a', 'a@b.c', []],
    ['for what cannot be seen', 'a', 'a\u200b', [HIDDEN]],
    ['for more of what cannot be seen', 'a\u200b', 'a\u200b\u200b', [HIDDEN]],
    ['for something else that cannot be seen', '\u200b', '\u200c', [HIDDEN]],
    ['not for what could not be seen before', 'a\u200bb\u200c', 'b\u200b and \u200c', []],
  ])('%s', (_, before, after, expected) => {
    const place = 'RerankDocument.text.description'
    expect(flagged(before, after)).toEqual(
      expected.map((flag) => expect.stringContaining(`${place}: ${flag}`) as string),
    )
  })

  it('not where it only moved', () => {
    const moved: Edit[] = [
      [WORDS, undefined],
      [`${FIELDS}/query/description`, '@internal'],
    ]
    expect(told(suspiciousTexts, [[WORDS, '@internal']], moved)).toEqual([])
  })

  it('in a place that is new', () => {
    const added = { type: 'string', description: '@internal' }
    expect(told(suspiciousTexts, [], [[`${FIELDS}/a~1b~0c`, added]])).toEqual([
      'RerankRequest.a/b~c.description: carries the tag "@internal": look before it is merged',
    ])
  })

  it('wherever it stands, but not as a version', () => {
    const list: Edit = [`${FIELDS}/query/examples`, ['a', '@b']]
    expect(told(suspiciousTexts, [], [['/info/version', '@b'], list])).toEqual([
      'RerankRequest.query.examples.1: carries the tag "@b": look before it is merged',
    ])
  })
})

describe('words', () => {
  it.each<[string, Edit, string]>([
    ['a title', [`${FIELDS}/query/title`, 'A'], 'RerankRequest.query.title: reads otherwise: "A"'],
    ['a summary', [`${POST}/summary`, 'A'], '/v1/rerank.summary: reads otherwise: "A"'],
    ['examples', [`${FIELDS}/query/examples`, [1]], 'RerankRequest.query.examples: reads otherwise: [1]'],
  ])('that came: %s', (_, edit, expected) => {
    expect(told(otherWords, [], [edit])).toEqual([expected])
  })

  it('that are gone', () => {
    expect(told(otherWords, [[WORDS, 'a']], [[WORDS, undefined]])).toEqual([
      'RerankDocument.text.description: is gone',
    ])
  })

  it('that went with their place are gone without a word', () => {
    expect(told(otherWords, [[`${FIELDS}/a`, { title: 'A' }]], [[`${FIELDS}/a`, undefined]])).toEqual([])
  })

  it('that came are told before any that went', () => {
    expect(told(otherWords, [[WORDS, 'a']], [[WORDS, 'b']])).toEqual([
      'RerankDocument.text.description: reads otherwise: "b"',
    ])
  })

  it('are no properties of those names, and no other values', () => {
    const named: Edit[] = [
      [`${FIELDS}/description`, { type: 'string' }],
      [`${FIELDS}/query/default`, { title: 5 }],
    ]
    expect(told(otherWords, [], named)).toEqual([])
  })
})
