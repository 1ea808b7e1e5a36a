import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import contract from '../../fixtures/edition/openapi.json' with { type: 'json' }
import { rankDocuments } from '../../../src/local/words/index.ts'

const { query, documents } = contract.components.schemas.RerankRequest.properties

async function order(query: string, documents: readonly string[]): Promise<number[]> {
  return (await rankDocuments(query, documents)).map(({ index }) => index)
}

async function scores(query: string, documents: readonly string[]): Promise<number[]> {
  return (await rankDocuments(query, documents)).map(({ relevance_score }) => relevance_score)
}

describe('rankDocuments', () => {
  it('answers the contract’s own example', async () => {
    const [best] = await rankDocuments(query.examples[0] ?? '', documents.examples[0] ?? [])
    expect(best?.document.text).toBe('The capital of France is Paris.')
  })

  it.each([
    ['a rare word over a common one', 'red apple', ['red', 'red', 'apple', 'red'], [2, 0, 1, 3]],
    ['more of the words over fewer', 'red apple pie', ['apple pie', 'red apple pie', 'pie'], [1, 0, 2]],
    ['a short document over a long one', 'apple', ['apple and much else besides', 'apple'], [1, 0]],
    ['the same case, accents and width', 'CAFÉ ＡＢＣ', ['tea', 'cafe', 'abc'], [1, 2, 0]],
    ['forms of a word', 'refund', ['fund', 'refunds', 'refunding'], [1, 2, 0]],
    ['shorter forms of a word', 'refunds', ['fun', 'a refund'], [1, 0]],
    ['a form of four letters', 'cakes', ['dog', 'cake'], [1, 0]],
    ['no form of fewer than four letters', 'cats', ['dog', 'cat'], [0, 1]],
    ['numbers to the letter', 'error 50012', ['error 5001', 'error 50012'], [1, 0]],
    ['Japanese', '首都はどこ', ['猫が好きです', '東京は日本の首都です'], [1, 0]],
    ['Thai', 'เมืองหลวง', ['แมว', 'กรุงเทพเป็นเมืองหลวง'], [1, 0]],
    ['Russian', 'столица', ['кошка', 'Москва — столица России'], [1, 0]],
    ['emoji', '🐈', ['🐕', 'my 🐈!'], [1, 0]],
    ['names that every object has', '__proto__', ['constructor', '__proto__'], [1, 0]],
  ])('prefers %s', async (_what, query, documents, expected) => {
    expect(await order(query, documents)).toEqual(expected)
  })

  it.each([
    ['a blank query', ' \n', ['b', 'a']],
    ['a query of signs only', '?!', ['b', 'a']],
    ['a query without a match', 'x', ['b', 'a']],
    ['blank documents', 'x', ['', ' ']],
    ['documents that are the same', 'x', ['x', 'x']],
    ['lone surrogates and NUL', '\uD800\0', ['\uD800', '\0']],
  ])('keeps the order and gives equal scores for %s', async (_what, query, documents) => {
    const results = await rankDocuments(query, documents)
    expect(results.map(({ index }) => index)).toEqual([0, 1])
    expect(results[0]?.relevance_score).toBe(results[1]?.relevance_score)
  })

  it('has no results for no documents', async () => {
    expect(await rankDocuments('x', [])).toEqual([])
  })

  it('scores the query itself higher than anything without its words', async () => {
    expect(await scores('what is it', ['what is it', 'nothing'])).toEqual([
      expect.closeTo(0.953, 2),
      expect.closeTo(0.047, 2),
    ])
  })

  it('gives the same bytes for the same input', async () => {
    const texts = documents.examples[0] ?? []
    expect(JSON.stringify(await rankDocuments('the capital', texts))).toBe(
      JSON.stringify(await rankDocuments('the capital', [...texts])),
    )
  })

  it('ranks every document once, best first, with scores inside (0, 1)', async () => {
    const word = fc.constantFrom('a', 'paris', 'capital', 'capitals', '首都', '__proto__', '😀', '\uD800', '')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join(' ')),
    )
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 30 }), async (query, documents) => {
        const results = await rankDocuments(query, documents)
        const found = results.map(({ relevance_score }) => relevance_score)
        expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...documents.keys()])
        expect(results.every(({ index, document }) => document.text === documents[index])).toBe(true)
        expect(found.every((score) => score > 0 && score < 1)).toBe(true)
        expect(found).toEqual(found.toSorted((a, b) => b - a))
      }),
    )
  })

  it('lets other work go on while it reads a long list', async () => {
    const done: string[] = []
    setTimeout(() => done.push('other work'))
    await rankDocuments('w', many(10, numbered('w', 10_000)))
    expect(done).toEqual(['other work'])
  })

  it('ends with the reason of an abort while it reads a long list', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('changed my mind')))
    const ranked = rankDocuments('w', many(10, numbered('w', 10_000)), controller.signal)
    await expect(ranked).rejects.toThrow('changed my mind')
  })

  it.each([
    ['a word of a million letters', 'a'.repeat(1_000_000), ['a'.repeat(1_000_000), 'b']],
    ['Chinese and Japanese without a break', '首都', ['東京は日本の首都です'.repeat(10_000), 'b']],
    ['a query of a hundred thousand words', numbered('q', 100_000), [numbered('q', 100_000), 'b']],
    [
      'a thousand documents of 2 kB',
      numbered('q', 20),
      [numbered('q', 300), ...many(1_000, numbered('w', 300))],
    ],
    ['a query against the shortest of documents', numbered('q', 1_000), ['q5 q5 q5 q5', ...many(500, '')]],
  ])('bears %s', async (_what, query, documents) => {
    const started = performance.now()
    const [best] = await rankDocuments(query, documents)
    expect(best?.index).toBe(0)
    expect(best?.relevance_score).toBeLessThan(1)
    // Well under a second; without its bounds the second takes half a minute.
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

function numbered(word: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${word}x${index}`).join(' ')
}

function many(count: number, text: string): string[] {
  return Array.from({ length: count }, () => text)
}
