import { vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { RerankClient } from '../../src/index.ts'
import type { JudgedQuery } from '../../src/eval/index.ts'

/** The body of a request. */
export interface Asked {
  query: string
  documents: string[]
  model: string
}

/** A client whose service scores a document by the number in its text, and counts ten tokens a request. */
export function clientByNumber(fail: (asked: Asked) => number | undefined = () => undefined): {
  client: RerankClient
  asked: readonly Asked[]
} {
  const asked: Asked[] = []
  const fetch = vi.fn(async (_: unknown, init?: RequestInit) => {
    const request = JSON.parse(init?.body as string) as Asked
    asked.push(request)
    const status = fail(request)
    if (status !== undefined) return Response.json({ detail: 'no' }, { status })
    const results = request.documents.map((text, index) => ({
      index,
      document: { text },
      relevance_score: Number(/[\d.]+/.exec(text)?.[0] ?? 0),
    }))
    const usage = { prompt_tokens: 10, total_tokens: 10 }
    return Promise.resolve(Response.json({ id: 'x', model: request.model, results, usage }))
  })
  const client: RerankClient = createRerankClient({
    apiKey: 'key',
    baseUrl: 'https://rerank.test',
    fetch,
    maxRetries: 0,
  })
  return { client, asked }
}

/** Two queries: reranking by number helps the first and hurts the second. */
export const QUERIES: readonly JudgedQuery[] = [
  {
    id: 'helped',
    query: 'one',
    documents: [
      { id: 'a', text: 'about 0.1', relevance: 0 },
      { id: 'b', text: 'about 0.9', relevance: 2 },
      { id: 'c', text: 'about 0.5' },
    ],
  },
  {
    id: 'hurt',
    query: 'two',
    documents: [
      { id: 'a', text: 'about 0.3', relevance: 1 },
      { id: 'b', text: 'about 0.6', relevance: 0 },
    ],
  },
]
