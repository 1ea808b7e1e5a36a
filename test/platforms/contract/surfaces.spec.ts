import { beforeAll, describe, expect, test } from 'vitest'
import { createNebiusReranker } from '../../../src/adapters/ai-sdk.ts'
import { createNebiusReranker as createGenkitReranker } from '../../../src/adapters/genkit.ts'
import { NebiusRerank } from '../../../src/adapters/langchain.ts'
import { NebiusRerank as NebiusPostprocessor } from '../../../src/adapters/llamaindex.ts'
import { NebiusRelevanceScorer } from '../../../src/adapters/mastra.ts'
import { rankMany } from '../../../src/bulk/index.ts'
import type { RankOptions, RerankClient } from '../../../src/index.ts'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { KEY } from '../../helpers/rerank.ts'
import { serve } from '../../helpers/serving.ts'
import { clientOf, QUERY, REQUEST, TEXTS } from './client.ts'
import { mockOf } from './prism.ts'
import type { Prism } from './prism.ts'
import { strictContract } from './strict.ts'

// The contract admits fields that it does not name. These refuse them, so that a name that is spelt wrong is noticed.
let service: Prism
/** Wants what the command can say of a request beside its texts. */
let forCommand: Prism
/** Wants all that can be said of a request. */
let forAll: Prism
let command: InstalledCommand
beforeAll(async () => {
  const flags = { model: { const: 'some/model' }, service_tier: { const: 'flex' } }
  const all = { ...flags, user: { const: 'user-1' }, ai_project_id: { const: 'project-1' } }
  ;[service, forCommand, forAll] = await Promise.all([
    mockOf(strictContract()),
    mockOf(strictContract(flags)),
    mockOf(strictContract(all)),
  ])
  command = await installCommand()
  return () => Promise.all([service.close(), forCommand.close(), forAll.close(), command.remove()])
})

const ITEMS = TEXTS.map((text) => ({ text, pageContent: text, content: [{ text }], metadata: {} }))
const NODES = TEXTS.map((text) => ({ node: { getContent: () => text } }))
const VALUES = { type: 'text' as const, values: TEXTS }
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

/** Each makes the request in its own way, and gives what came of it, best first. */
const SURFACES: Readonly<Record<string, (client: RerankClient) => Promise<unknown>>> = {
  rank: (client) => client.rank(QUERY, TEXTS),
  'rank, of objects': (client) => client.rank(QUERY, ITEMS, { text: ({ text }) => text }),
  'rank.withUsage': (client) => client.rank.withUsage(QUERY, TEXTS),
  'nebius-rerank/langchain': (client) => new NebiusRerank({ client }).compressDocuments(ITEMS, QUERY),
  'nebius-rerank/llamaindex': (client) => new NebiusPostprocessor({ client }).postprocessNodes(NODES, QUERY),
  'nebius-rerank/genkit': (client) => createGenkitReranker({ client })({ text: QUERY }, ITEMS),
  'nebius-rerank/mastra': (client) => {
    const scorer = new NebiusRelevanceScorer({ client })
    return Promise.all(TEXTS.map((text) => scorer.getRelevanceScore(QUERY, text)))
  },
  'nebius-rerank/ai-sdk': (client) =>
    createNebiusReranker({ client })('some/model').doRerank({ query: QUERY, documents: VALUES }),
}

/** Each is given all that it can say of a request. */
const WITH_OPTIONS: typeof SURFACES = {
  rerank: (client) =>
    client.rerank(
      { ...REQUEST, model: 'some/model', service_tier: 'flex', user: 'user-1' },
      { projectId: 'project-1' },
    ),
  rank: (client) => client.rank(QUERY, [...TEXTS, ' '], ALL_OPTIONS),
  'nebius-rerank/ai-sdk': (client) =>
    createNebiusReranker({ client })('some/model').doRerank({
      query: QUERY,
      documents: VALUES,
      providerOptions: { nebius: { serviceTier: 'flex', user: 'user-1', projectId: 'project-1' } },
    }),
}

/** The score that the contract's example gives its best document. */
const BEST_SCORE = '0.9456538558006287'

test.each(Object.entries(SURFACES))('%s keeps the contract', async (_, surface) => {
  expect(JSON.stringify(await surface(clientOf(service)))).toContain(BEST_SCORE)
})

test.each(Object.entries(WITH_OPTIONS))(
  '%s sends each option as the contract calls it',
  async (_, surface) => {
    expect(JSON.stringify(await surface(clientOf(forAll)))).toContain(BEST_SCORE)
  },
)

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

describe('the command keeps it', () => {
  const env = { NEBIUS_API_KEY: KEY }
  const JOB = { id: 1, query: QUERY, documents: TEXTS }

  test.each<[string, string[], string]>([
    ['in a ranking', [QUERY, '--json'], TEXTS.join('\n')],
    ['in bulk', ['bulk', '-', '-o', '-'], `${JSON.stringify(JOB)}\n`],
  ])('%s', async (_, args, input) => {
    const options = ['--base-url', forCommand.url, '--model', 'some/model', '--service-tier', 'flex']
    const run = await command.run([...args, ...options], { input, env })
    expect([run.stdout, run.code]).toEqual([expect.stringContaining(BEST_SCORE), 0])
  })

  test.each(Object.entries(WITH_OPTIONS))('as it passes on what %s sends', async (_, surface) => {
    const serving = await serve(command, ['--live', '--base-url', forAll.url], env)
    expect(JSON.stringify(await surface(clientOf(serving)))).toContain(BEST_SCORE)
  })
})
