import { estimateRequestTokens } from '../../eval/index.ts'

/** The work of a run. */
export interface Workload {
  jobs: number
  requests: number
  documents: number
  /** Documents that are scored for a query: blank ones and repeated ones are not sent. */
  pairs: number
  /** An estimate. */
  tokens: number
}

/** A run without a job. */
export function emptyWorkload(): Workload {
  return { jobs: 0, requests: 0, documents: 0, pairs: 0, tokens: 0 }
}

/** The most documents in a request, where the client sets no other number. */
const DOCUMENTS_PER_REQUEST = 1000

/** Adds a job to a workload. */
export function addJob(
  workload: Workload,
  { query, documents }: { query: string; documents: readonly string[] },
): void {
  const sent = [...new Set(documents)].filter((text) => text.trim() !== '')
  workload.jobs += 1
  workload.requests += Math.ceil(sent.length / DOCUMENTS_PER_REQUEST)
  workload.documents += documents.length
  workload.pairs += sent.length
  workload.tokens += estimateRequestTokens(query, sent)
}
