import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNebiusReranker as createModel } from '../../src/adapters/ai-sdk.ts'
import { createNebiusReranker as createRunner } from '../../src/adapters/genkit.ts'
import { NebiusRerank as Compressor } from '../../src/adapters/langchain.ts'
import { NebiusRerank as Postprocessor } from '../../src/adapters/llamaindex.ts'
import { NebiusRelevanceScorer } from '../../src/adapters/mastra.ts'
import { rankMany } from '../../src/bulk/index.ts'
import { createRerankClient } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import type { Command } from '../helpers/command.ts'
import { reply, serveFaults } from '../helpers/fault-server.ts'
import { loadCommand } from '../helpers/loaded-command.ts'
import { KEY, rejection } from '../helpers/rerank.ts'

const QUERY = 'capital of France'
const TEXTS = ['Belgrade', 'Paris', 'Amsterdam']
/** Logits, as some servers have them in place of probabilities. */
const SCORES = [-4.5, 2.25, 0.5]
const RANKED = [
  ['Paris', 2.25],
  ['Amsterdam', 0.5],
  ['Belgrade', -4.5],
]

const bare = SCORES.map((relevance_score, index) => ({ index, relevance_score }))
const sorted = bare.toSorted((a, b) => b.relevance_score - a.relevance_score)
const withTexts = sorted.map((result) => ({ ...result, document: { text: TEXTS[result.index] } }))
const usage = { prompt_tokens: 9, total_tokens: 9 }
const meta = { billed_units: { search_units: 1 } }

/** Responses of other servers of `/v1/rerank`, and what `client.rerank`, which promises the spec's shape, says of each. */
const USABLE: [server: string, body: object, problem: string | undefined][] = [
  [
    'vLLM',
    {
      id: 'rerank-1',
      model: 'm',
      usage,
      results: withTexts.map((result) => ({
        ...result,
        document: { ...result.document, multi_modal: null },
      })),
    },
    undefined,
  ],
  [
    'vLLM, without prompt_tokens',
    { id: 'r', model: 'm', usage: { total_tokens: 9 }, results: withTexts },
    'usage.prompt_tokens is undefined, not a number',
  ],
  [
    'llama.cpp, unsorted',
    { model: 'm', object: 'list', usage, results: bare },
    'id is undefined, not a string',
  ],
  [
    'Jina',
    { model: 'm', object: 'list', usage: { total_tokens: 9 }, results: withTexts },
    'id is undefined, not a string',
  ],
  ['LiteLLM', { id: 'r', results: sorted, meta }, 'model is undefined, not a string'],
  ['SiliconFlow', { id: 'r', results: withTexts, meta }, 'model is undefined, not a string'],
  [
    'Together',
    { object: 'rerank', id: 'r', model: 'm', usage, results: sorted },
    'results[0].document.text is undefined, not a string',
  ],
  [
    'null for what is not known',
    {
      id: null,
      model: null,
      usage: null,
      meta: null,
      results: sorted.map((result) => ({ ...result, document: null })),
    },
    'id is null, not a string',
  ],
  [
    'documents that are texts, and numbers for ids',
    {
      id: 7,
      model: 8,
      usage: { total_tokens: '9' },
      results: sorted.map((result) => ({ ...result, document: TEXTS[result.index] })),
    },
    'id is 7, not a string',
  ],
  [
    'lists in place of objects',
    { id: [], model: {}, usage: [], results: sorted.map((result) => ({ ...result, document: [] })) },
    'id is an array, not a string',
  ],
  [
    'Infinity',
    {
      object: 'rerank',
      id: 'r',
      model: 'm',
      usage,
      created: 1,
      results: sorted.map((result) => ({ ...result, document: null })),
    },
    'results[0].document.text is undefined, not a string',
  ],
  [
    'a server that says all but numbers in other types',
    { id: 7, model: null, usage: 'none', results: sorted.map((result) => ({ ...result, document: 'text' })) },
    'id is 7, not a string',
  ],
]

/** Responses of servers that are not compatible, and what every surface says of each. */
const UNUSABLE: [server: string, body: unknown, problem: string][] = [
  [
    'TEI',
    bare.map(({ index, relevance_score: score }) => ({ index, score })),
    'results is undefined, not an array',
  ],
  [
    'SGLang',
    bare.map(({ index, relevance_score: score }) => ({ index, score, document: 'a', meta_info: {} })),
    'results is undefined, not an array',
  ],
  ['Voyage', { object: 'list', model: 'm', usage, data: bare }, 'results is undefined, not an array'],
  [
    'a server that numbers by text',
    { results: bare.map((result) => ({ ...result, index: String(result.index) })) },
    'results[0].index is "0"',
  ],
  [
    'a server that leaves out a document',
    { results: sorted.slice(1) },
    'it has results for 2 of 3 documents',
  ],
]

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

/** Every surface, from a base URL to texts and their scores, best first. */
const SURFACES: Record<string, (options: ClientOptions & { baseUrl: string }) => Promise<unknown>> = {
  rank: async (options) => {
    const ranked = await createRerankClient(options).rank(QUERY, TEXTS)
    return ranked.map(({ item, score }) => [item, score])
  },
  rankMany: async (options) => {
    for await (const { ranked, error } of rankMany(createRerankClient(options), [
      { query: QUERY, documents: TEXTS },
    ])) {
      if (error) throw error
      return ranked.map(({ item, score }) => [item, score])
    }
    return expect.fail()
  },
  'the AI SDK': async (options) => {
    const { ranking } = await createModel(options)().doRerank({
      query: QUERY,
      documents: { type: 'text', values: TEXTS },
    })
    return ranking.map(({ index, relevanceScore }) => [TEXTS[index], relevanceScore])
  },
  LangChain: async (options) => {
    const documents = TEXTS.map((pageContent) => ({ pageContent, metadata: { relevanceScore: NaN } }))
    const compressed = await new Compressor(options).compressDocuments(documents, QUERY)
    return compressed.map(({ pageContent, metadata }) => [pageContent, metadata.relevanceScore])
  },
  Mastra: async (options) => {
    const scorer = new NebiusRelevanceScorer(options)
    const scores = await Promise.all(TEXTS.map((text) => scorer.getRelevanceScore(QUERY, text)))
    return TEXTS.map((text, index) => [text, scores[index] ?? NaN] as const).toSorted(([, a], [, b]) => b - a)
  },
  Genkit: async (options) => {
    const documents = TEXTS.map((text) => ({ text, content: [text] }))
    const ranked = await createRunner(options)({ text: QUERY }, documents)
    return ranked.documents.map(({ content: [text], metadata: { score } }) => [text, score])
  },
  LlamaIndex: async (options) => {
    const nodes = TEXTS.map((text) => ({ node: { getContent: () => text }, score: 0 }))
    const ranked = await new Postprocessor(options).postprocessNodes(nodes, QUERY)
    return ranked.map(({ node, score }) => [node.getContent(), score])
  },
  'the command': async ({ baseUrl }) => {
    const { code, stdout, stderr } = await command.run(['--json', '--base-url', baseUrl, QUERY, '-'], {
      input: TEXTS.join('\n'),
      env: { NEBIUS_API_KEY: KEY },
    })
    if (code !== 0) throw new Error(stderr)
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { document: string; score: number })
    return rows.map(({ document, score }) => [document, score])
  },
}

describe.each(Object.entries(SURFACES))('%s', (_, rank) => {
  test.each(USABLE)('ranks by a response of %s', async (_server, body) => {
    expect(await rank(await to(body))).toEqual(RANKED)
  })

  test.each(UNUSABLE)('says why it cannot by one of %s', async (_server, body, problem) => {
    expect(String(await rejection(rank(await to(body))))).toContain(`returned 200, but ${problem}`)
  })
})

describe('rerank', () => {
  test.each(USABLE)(
    'returns a response of %s, or says what it lacks of the spec',
    async (_, body, problem) => {
      const call = createRerankClient(await to(body)).rerank({ query: QUERY, documents: TEXTS })
      if (problem === undefined) expect((await call).results.map(({ index }) => index)).toEqual([1, 2, 0])
      else
        expect(String(await rejection(call))).toBe(
          `RerankResponseError: POST /v1/rerank returned 200, but ${problem}. Call rerank.scored for a server that leaves it out.`,
        )
    },
  )

  test.each(UNUSABLE)('says why it cannot return one of %s', async (_, body, problem) => {
    const call = createRerankClient(await to(body)).rerank({ query: QUERY, documents: TEXTS })
    expect(String(await rejection(call))).toContain(`returned 200, but ${problem}`)
  })
})

/** A server that always gives one response, to be called without a key in vain. */
async function to(body: unknown): Promise<ClientOptions & { baseUrl: string }> {
  const { url } = await serveFaults(() => reply(200, JSON.stringify(body)))
  return { baseUrl: url, apiKey: KEY, maxRetries: 0 }
}
