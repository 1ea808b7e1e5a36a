import { TextNode } from '@llamaindex/core/schema'
import { expect, test } from 'vitest'
import { NebiusRerank } from '../../src/adapters/llamaindex.ts'
import { KEY, rejection, scripted, sentBy } from '../helpers/rerank.ts'
import { viewsOf } from '../helpers/views.ts'

const options = () => ({ apiKey: KEY, baseUrl: 'https://rerank.test', fetch: scripted() })
const nodes = ['a', 'b', 'c'].map((text) => ({ node: new TextNode({ text }), score: 0.3 }))

test('the nodes are passed on, each with its new score', async () => {
  const [best] = await new NebiusRerank(options()).postprocessNodes(nodes, 'q')
  expect(best?.node).toBe(nodes[2]?.node)
  expect(best?.score).toBe(1)
  expect(nodes[2]?.score).toBe(0.3)
})

test('it keeps as many nodes as asked for', async () => {
  expect(await new NebiusRerank({ ...options(), topN: 2 }).postprocessNodes(nodes, 'q')).toHaveLength(2)
})

test('nodes are ranked by what an index embeds of them', async () => {
  const { fetch, ...rest } = options()
  const metadata = { title: 'Cities', path: '/private/cities.txt' }
  const node = new TextNode({ text: 'Paris', metadata, excludedEmbedMetadataKeys: ['path'] })
  await new NebiusRerank({ ...rest, fetch }).postprocessNodes([{ node }], 'q')
  expect(sentBy(fetch.calls[0]?.init ?? {}).documents).toEqual(['title: Cities\n\nParis'])
})

test('nodes are ranked by the text asked for', async () => {
  const { fetch, ...rest } = options()
  const reranker = new NebiusRerank({ ...rest, fetch, text: ({ node }) => `- ${node.getContent('NONE')}` })
  await reranker.postprocessNodes(nodes, 'q')
  expect(sentBy(fetch.calls[0]?.init ?? {}).documents).toEqual(['- a', '- b', '- c'])
})

test('of a query in parts the texts are used', async () => {
  const { fetch, ...rest } = options()
  const parts = [
    { type: 'text', text: 'capital' },
    { type: 'image_url', image_url: { url: 'data:,' } },
    { type: 'text', text: 'of France' },
  ]
  await new NebiusRerank({ ...rest, fetch }).postprocessNodes(nodes, parts)
  expect(sentBy(fetch.calls[0]?.init ?? {}).query).toBe('capital\nof France')
})

test('without a node there is nothing to rank, whatever the query', async () => {
  const { fetch, ...rest } = options()
  expect(await new NebiusRerank({ ...rest, fetch }).postprocessNodes([])).toEqual([])
  expect(fetch.calls).toHaveLength(0)
})

test('without a query there is nothing to rank by', async () => {
  const error = await rejection(new NebiusRerank(options()).postprocessNodes(nodes))
  expect(error).toEqual(new TypeError('postprocessNodes needs a query to rank by'))
})

test('an inspection does not show the key', () => {
  expect(viewsOf(new NebiusRerank(options())).filter((view) => view.includes(KEY))).toEqual([])
})

test('with a fallback they keep their order, and what they were', async () => {
  const down = scripted(async () => new Response(null, { status: 500 }))
  const reranker = new NebiusRerank({ ...options(), fetch: down, maxRetries: 0, fallback: 'keep-order' })
  expect(await reranker.postprocessNodes(nodes, 'q')).toEqual(nodes)
})
