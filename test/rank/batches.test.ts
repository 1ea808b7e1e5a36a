import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchesOf, itemsIn, readTexts } from '../../src/rank/batches.ts'
import { estimateTokens } from '../../src/rank/tokens.ts'

const SETTINGS = { text: (item: unknown) => item, blank: 'skip', dedupe: true } as const
const UNBOUNDED = { maxDocumentsPerRequest: Infinity, maxTokensPerRequest: Infinity }

describe('readTextsing items', () => {
  test('reads a source once', () => {
    let reads = 0
    const source = {
      *[Symbol.iterator]() {
        reads += 1
        yield* ['a', 'b']
      },
    }
    expect(readTexts(source, SETTINGS).texts).toEqual(['a', 'b'])
    expect(reads).toBe(1)
  })

  test('asks each item for its text once, in order', () => {
    const asked: unknown[] = []
    const text = (item: string): string => {
      asked.push(item)
      return item
    }
    readTexts(['b', 'a', 'b'], { ...SETTINGS, text })
    expect(asked).toEqual(['b', 'a', 'b'])
  })

  test('texts that differ in a blank are different', () => {
    expect(readTexts(['a', 'a ', ' a'], SETTINGS).texts).toEqual(['a', 'a ', ' a'])
  })

  test('names the item that has no text', () => {
    expect(() => readTexts(['a', null], SETTINGS)).toThrow(
      new TypeError('items[1] must be a string, or the option text must return one for it, got null'),
    )
  })

  test('each item that is not blank has its text, and no text is without an item', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', ' ', '')), fc.boolean(), (items, dedupe) => {
        const { texts, placeOf } = readTexts(items, { ...SETTINGS, dedupe })
        items.forEach((item, index) => expect(texts[placeOf[index] ?? NaN]).toBe(item.trim() || undefined))
        expect(new Set(placeOf.filter((place) => place >= 0)).size).toBe(texts.length)
        if (dedupe) expect(new Set(texts).size).toBe(texts.length)
      }),
    )
  })

  test('the items in a chunk are those with a text in it', () => {
    const candidates = readTexts(['a', ' ', 'b', 'a', 'c'], SETTINGS)
    expect(itemsIn(candidates, { start: 0, end: 1 })).toEqual([0, 3])
    expect(itemsIn(candidates, { start: 1, end: 3 })).toEqual([2, 4])
  })
})

describe('dividing texts into requests', () => {
  test('is none for none', () => {
    expect(batchesOf([], 'q', UNBOUNDED)).toEqual([])
  })

  test('leaves no text out, sends none twice, and keeps to the limits', () => {
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 50 })
    const limit = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(texts, fc.string({ maxLength: 10 }), limit, limit, (texts, query, documents, tokens) => {
        const limits = { maxDocumentsPerRequest: documents, maxTokensPerRequest: tokens }
        const chunks = batchesOf(texts, query, limits)
        expect(chunks.flatMap(({ start, end }) => texts.slice(start, end))).toEqual(texts)
        for (const { start, end } of chunks) {
          const sizes = texts.slice(start, end).map((text) => estimateTokens(query) + estimateTokens(text))
          expect(sizes.length).toBeLessThanOrEqual(documents)
          if (sizes.length > 1) expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(tokens)
        }
      }),
    )
  })

  test.each([
    [1000, [1000]],
    [1001, [501, 500]],
    [2999, [1000, 1000, 999]],
  ])('%i texts make requests of %j', (count, lengths) => {
    const texts = Array.from({ length: count }, () => 'a')
    const chunks = batchesOf(texts, 'q', { ...UNBOUNDED, maxDocumentsPerRequest: 1000 })
    expect(chunks.map(({ start, end }) => end - start)).toEqual(lengths)
  })
})

describe('tokens are estimated', () => {
  test.each([
    ['', 0],
    ['a', 1],
    ['four', 1],
    ['fives', 2],
    ['日本語', 3],
    ['é', 1],
    ['🙂', 1],
    ['🙂four', 2],
    ['\u0080\u0080', 2],
    ['\udbff\udc00\ud800\udfff', 2],
    ['\ue000', 1],
  ])('%j is %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })
})
