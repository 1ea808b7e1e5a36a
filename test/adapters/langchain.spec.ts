/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- LangChain asks for the methods alone */
import { ContextualCompressionRetriever } from '@langchain/classic/retrievers/contextual_compression'
import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory'
import { Document } from '@langchain/core/documents'
import { SyntheticEmbeddings } from '@langchain/core/utils/testing'
import { expect, test } from 'vitest'
import { NebiusRerank } from '../../src/adapters/langchain.ts'
import { createRerankClient } from '../../src/index.ts'
import { KEY, rejection, scripted, sentBy } from '../helpers/rerank.ts'
import { viewsOf } from '../helpers/views.ts'

const options = () => ({ apiKey: KEY, baseUrl: 'https://rerank.test', fetch: scripted() })
const documents = ['a', 'b', 'c'].map(
  (pageContent, index) => new Document({ pageContent, id: String(index), metadata: { index } }),
)

test('no score leaks into the store', async () => {
  const store = new MemoryVectorStore(new SyntheticEmbeddings())
  await store.addDocuments(documents)
  const baseCompressor = new NebiusRerank(options())
  const retriever = new ContextualCompressionRetriever({ baseCompressor, baseRetriever: store.asRetriever() })
  expect((await retriever.invoke('q'))[0]?.metadata).toHaveProperty('relevanceScore')
  const found = await store.similaritySearch('q')
  expect(found.filter(({ metadata }) => 'relevanceScore' in metadata)).toEqual([])
})

test('the copies are documents of LangChain, with id and metadata', async () => {
  const [best] = await new NebiusRerank(options()).compressDocuments(documents, 'q')
  expect(best).toBeInstanceOf(Document)
  expect(best).toEqual(new Document({ pageContent: 'c', id: '2', metadata: { index: 2, relevanceScore: 1 } }))
  expect(best).not.toBe(documents[2])
})

test('a client that cannot rank is a TypeError', () => {
  expect(() => new NebiusRerank({ client: {} as never })).toThrow(
    new TypeError('client must be a client made by createRerankClient, got an object'),
  )
})

test('it keeps as many documents as asked for', async () => {
  const kept = await new NebiusRerank({ ...options(), topN: 2 }).compressDocuments(documents, 'q')
  expect(kept.map(({ pageContent }) => pageContent)).toEqual(['c', 'b'])
})

test('it keeps documents of the score asked for', async () => {
  const kept = await new NebiusRerank({ ...options(), minScore: 0.5 }).compressDocuments(documents, 'q')
  expect(kept.map(({ pageContent }) => pageContent)).toEqual(['c', 'b'])
})

test('it ranks by the text asked for', async () => {
  const { fetch, ...rest } = options()
  const reranker = new NebiusRerank({
    ...rest,
    fetch,
    text: ({ pageContent, metadata }) => `${String(metadata['index'])}: ${pageContent}`,
  })
  await reranker.compressDocuments(documents, 'q')
  expect(sentBy(fetch.calls[0]?.init ?? {}).documents).toEqual(['0: a', '1: b', '2: c'])
})

test('documents without a word are left out', async () => {
  const blank = new Document({ pageContent: ' \n' })
  const kept = await new NebiusRerank(options()).compressDocuments([blank, ...documents], 'q')
  expect(kept).toHaveLength(3)
})

test('a client given to it makes the calls, with the options beside it', async () => {
  const { fetch, ...rest } = options()
  const client = createRerankClient({ ...rest, fetch })
  await new NebiusRerank({ client, model: 'm', projectId: 'p1' }).compressDocuments(documents, 'q')
  const { url, init } = fetch.calls[0] ?? expect.fail('no call')
  expect(sentBy(init).model).toBe('m')
  expect(new URL(url).searchParams.get('ai_project_id')).toBe('p1')
})

test('an option of the wrong type is a TypeError', async () => {
  expect(() => new NebiusRerank({ ...options(), timeoutMs: 0 })).toThrow(TypeError)
  const reranker = new NebiusRerank({ ...options(), topN: 0 })
  expect(await rejection(reranker.compressDocuments(documents, 'q'))).toBeInstanceOf(TypeError)
})

test('an inspection does not show the key', () => {
  expect(viewsOf(new NebiusRerank(options())).filter((view) => view.includes(KEY))).toEqual([])
})

test('with a fallback they keep their order, without a score', async () => {
  const down = scripted(async () => new Response(null, { status: 500 }))
  const reranker = new NebiusRerank({
    ...options(),
    fetch: down,
    maxRetries: 0,
    fallback: 'keep-order',
    topN: 2,
  })
  expect(await reranker.compressDocuments(documents, 'q')).toEqual(documents.slice(0, 2))
})
