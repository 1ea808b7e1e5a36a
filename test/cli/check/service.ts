import { createLocalReranker } from '../../../src/local/index.ts'
import { reply, serveFaults } from '../../helpers/fault-server.ts'
import type { Fault, FaultServer } from '../../helpers/fault-server.ts'

const MODEL = 'Qwen/Qwen3-Reranker-8B'

/** Differences of a service from one where all is well. */
export interface Symptoms {
  /** The answer to `GET /v1/models`. */
  models?: Fault
  /** The answer to `POST /v1/rerank`. */
  rerank?: Fault
  /** The answer to `GET /openapi.json`. */
  document?: Fault
  /** Headers of all answers. */
  headers?: Record<string, string>
}

/** A service that is well but for its symptoms. */
export async function serveSymptoms({
  models,
  rerank,
  document,
  headers = {},
}: Symptoms = {}): Promise<FaultServer> {
  const endpoint = createLocalReranker()
  const ranked: Fault = async (response, { body, headers: sent }) => {
    const answer = await endpoint('http://local/v1/rerank', {
      method: 'POST',
      headers: { authorization: sent.authorization ?? 'Bearer any', 'content-type': 'application/json' },
      body,
    })
    await reply(answer.status, await answer.text(), headers)(response, undefined as never)
  }
  const listed = reply(
    200,
    JSON.stringify({ data: [{ id: MODEL }, { id: 'BAAI/bge-multilingual-gemma2' }] }),
    headers,
  )
  return serveFaults(({ target = '' }) => {
    if (target.startsWith('/v1/models')) return models ?? listed
    if (target.startsWith('/openapi.json')) return document ?? specOf('20260506-297d05704', '/v1/rerank')
    return rerank ?? ranked
  })
}

/** A published contract with one operation. */
export function specOf(version: string, path: string): Fault {
  return reply(200, JSON.stringify({ info: { version }, paths: { [path]: { post: {} } } }))
}

/** Scores for the documents of a canary, in their order. */
export function scored(scores: readonly number[], tokens: number): Fault {
  const results = scores.map((relevance_score, index) => ({ index, relevance_score, document: { text: '' } }))
  return reply(
    200,
    JSON.stringify({
      id: 'x',
      model: MODEL,
      results,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  )
}
