import { onTestFinished, vi } from 'vitest'
import { rankMany } from '../../src/bulk/index.ts'
import type { RankOutcome } from '../../src/bulk/index.ts'
import { createRerankClient } from '../../src/index.ts'
import type { Fetch } from '../../src/index.ts'
import { answerTo, sentBy } from '../helpers/rerank.ts'
import { collect, jobs } from './jobs.ts'
import type { Job } from './jobs.ts'
import type { MakeService } from './services.ts'

/** Milliseconds from a request to its response, half of them each way. */
const LATENCY_MS = 20

export interface Ranked {
  outcomes: RankOutcome<Job>[]
  /** The queries that were admitted, in order. */
  admitted: string[]
  rateLimited: number
  /** What was admitted, as a share of what could have been. */
  share: number
}

/** Ranks so many jobs by `rankMany` and a client, as users do, by a service in virtual time. */
export async function ranked(makeService: MakeService, count: number): Promise<Ranked> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const started = performance.now()
  const service = makeService(() => performance.now() - started, Math.random)
  const admitted: string[] = []
  let rateLimited = 0
  const travel = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LATENCY_MS / 2))
  const fetch: Fetch = async (_, init) => {
    await travel()
    const { status, headers } = service.take()
    const request = sentBy(init)
    if (status === 200) admitted.push(request.query)
    else rateLimited += 1
    await travel()
    return status === 200
      ? Response.json(answerTo(request), { headers })
      : Response.json({ detail: 'slow down' }, { status, headers })
  }
  const client = createRerankClient({ baseUrl: 'https://rerank.test', apiKey: null, fetch })
  let outcomes: RankOutcome<Job>[] | undefined
  const ranking = collect(rankMany(client, jobs(count))).then((all) => (outcomes = all))
  while (!outcomes) {
    // What can go on does so before time does.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    vi.advanceTimersToNextTimer()
  }
  return { outcomes: await ranking, admitted, rateLimited, share: admitted.length / service.admissible() }
}
