import { CommonRerankerOptionsSchema } from 'genkit/reranker'
import { Document, genkit } from 'genkit'
import { expect, test } from 'vitest'
import { createNebiusReranker } from '../../src/adapters/genkit.ts'
import type { NebiusRerankerOptions } from '../../src/adapters/genkit.ts'
import { KEY, rejection, scripted, sentBy } from '../helpers/rerank.ts'

const ai = genkit({})
const documents = ['a', 'b', 'c'].map((text) => Document.fromText(text, { from: text }))

let made = 0
function rerankerOf(options: Exclude<NebiusRerankerOptions, { client: object }> = {}) {
  const runner = createNebiusReranker({
    apiKey: KEY,
    baseUrl: 'https://rerank.test',
    fetch: scripted(),
    ...options,
  })
  return ai.defineReranker({ name: `nebius-${++made}`, configSchema: CommonRerankerOptionsSchema }, runner)
}

test('documents come back as they were, with the score in their metadata', async () => {
  const [best] = await ai.rerank({ reranker: rerankerOf(), query: 'q', documents })
  expect(best?.toJSON()).toEqual({ content: [{ text: 'c' }], metadata: { from: 'c', score: 1 } })
})

test('a call says how many it wants, before the options do', async () => {
  const reranker = rerankerOf({ topN: 2 })
  expect(await ai.rerank({ reranker, query: 'q', documents })).toHaveLength(2)
  expect(await ai.rerank({ reranker, query: 'q', documents, options: { k: 1 } })).toHaveLength(1)
})

test('a query of several parts is one text', async () => {
  const fetch = scripted()
  const query = Document.fromParts([{ text: 'capital ' }, { text: 'of France' }])
  await ai.rerank({ reranker: rerankerOf({ fetch }), query, documents })
  expect(sentBy(fetch.calls[0]?.init ?? {}).query).toBe('capital of France')
})

test('documents without a word, such as images, are left out', async () => {
  const image = Document.fromMedia('data:image/png;base64,AA==', 'image/png')
  const ranked = await ai.rerank({ reranker: rerankerOf(), query: 'q', documents: [image, ...documents] })
  expect(ranked).toHaveLength(3)
})

test('it ranks by the text asked for', async () => {
  const fetch = scripted()
  const reranker = rerankerOf({
    fetch,
    text: ({ text, metadata }) => `${String(metadata?.['from'])}: ${text}`,
  })
  await ai.rerank({ reranker, query: 'q', documents })
  expect(sentBy(fetch.calls[0]?.init ?? {}).documents).toEqual(['a: a', 'b: b', 'c: c'])
})

test('null, for the options or for k, counts as not given', async () => {
  const runner = createNebiusReranker({ apiKey: KEY, fetch: scripted(), topN: 2 })
  const query = Document.fromText('q')
  expect((await runner(query, documents, null)).documents).toHaveLength(2)
  expect((await runner(query, documents, { k: null })).documents).toHaveLength(2)
})

test('a k that counts nothing is a TypeError', async () => {
  const call = ai.rerank({ reranker: rerankerOf(), query: 'q', documents, options: { k: 0 } })
  expect(await rejection(call)).toBeInstanceOf(TypeError)
})

test('without a key there is no reranker', () => {
  expect(() => createNebiusReranker()).toThrow(TypeError)
})
