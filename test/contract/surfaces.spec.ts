import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNebiusReranker } from '../../src/adapters/ai-sdk.ts'
import { createNebiusReranker as createGenkitReranker } from '../../src/adapters/genkit.ts'
import { NebiusRerank } from '../../src/adapters/langchain.ts'
import { NebiusRerank as NebiusPostprocessor } from '../../src/adapters/llamaindex.ts'
import { NebiusRelevanceScorer } from '../../src/adapters/mastra.ts'
import { rankMany } from '../../src/bulk/index.ts'
import type { RankOptions, RerankClient } from '../../src/index.ts'
import { installCommand } from '../helpers/command.ts'
import { KEY } from '../helpers/rerank.ts'
import { clientOf, QUERY, TEXTS } from './client.ts'
import { mock } from './prism.ts'
import type { Prism } from './prism.ts'

let service: Prism
beforeAll(async () => {
  service = await mock()
})
afterAll(() => service.close())

const ITEMS = TEXTS.map((text) => ({ text, pageContent: text, content: [{ text }], metadata: {} }))
const NODES = TEXTS.map((text) => ({ node: { getContent: () => text } }))
const ALL_OPTIONS: RankOptions<string> = {
  topN: 2,
  minScore: 0.1,
  model: 'some/model',
  serviceTier: 'flex',
  user: 'user-1',
  projectId: 'project-1',
  concurrency: 2,
  dedupe: false,
}
const PROVIDER_OPTIONS = { nebius: { serviceTier: 'flex', user: 'user-1', projectId: 'project-1' } }

/** Each makes the request in its own way, and gives what came of it, best first. */
const SURFACES: Readonly<Record<string, (client: RerankClient) => Promise<unknown>>> = {
  rank: (client) => client.rank(QUERY, TEXTS),
  'rank, of objects': (client) => client.rank(QUERY, ITEMS, { text: ({ text }) => text }),
  'rank, with all options': (client) => client.rank(QUERY, [...TEXTS, ' '], ALL_OPTIONS),
  'rank.withUsage': (client) => client.rank.withUsage(QUERY, TEXTS),
  'nebius-rerank/langchain': (client) => new NebiusRerank({ client }).compressDocuments(ITEMS, QUERY),
  'nebius-rerank/llamaindex': (client) => new NebiusPostprocessor({ client }).postprocessNodes(NODES, QUERY),
  'nebius-rerank/genkit': (client) => createGenkitReranker({ client })({ text: QUERY }, ITEMS),
  'nebius-rerank/mastra': (client) => {
    const scorer = new NebiusRelevanceScorer({ client })
    return Promise.all(TEXTS.map((text) => scorer.getRelevanceScore(QUERY, text)))
  },
  'nebius-rerank/ai-sdk': (client) =>
    createNebiusReranker({ client })('some/model').doRerank({
      query: QUERY,
      documents: { type: 'text', values: TEXTS },
      providerOptions: PROVIDER_OPTIONS,
    }),
}

test.each(Object.entries(SURFACES))('%s keeps the contract', async (_, surface) => {
  // The score that the contract's example gives its best document.
  expect(JSON.stringify(await surface(clientOf(service)))).toContain('0.9456538558006287')
})

test('rank keeps it in several requests', async () => {
  const texts = Array.from({ length: 9 }, (_, place) => `${place}`)
  const { ranked, ids } = await clientOf(service).rank.withUsage(QUERY, texts, { maxDocumentsPerRequest: 3 })
  expect([ranked.length, ids.length]).toEqual([9, 3])
})

test('rankMany keeps it', async () => {
  const jobs = Array.from({ length: 20 }, (_, id) => ({ id, query: QUERY, documents: TEXTS }))
  const errors: unknown[] = []
  for await (const { error } of rankMany(clientOf(service), jobs)) errors.push(error)
  expect(errors).toEqual(jobs.map(() => undefined))
})

test('the command keeps it', async () => {
  const command = await installCommand()
  try {
    const args = [QUERY, '--base-url', service.url, '--service-tier', 'flex', '--json']
    const run = await command.run(args, { input: TEXTS.join('\n'), env: { NEBIUS_API_KEY: KEY } })
    expect([run.stderr, run.code]).toEqual(['', 0])
    expect(run.stdout).toContain('0.9456538558006287')
  } finally {
    await command.remove()
  }
})
