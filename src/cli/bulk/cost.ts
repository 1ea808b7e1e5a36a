import type { RateLimiterOptions } from '../../bulk/index.ts'
import { BudgetError, createTokenBudget } from '../../eval/index.ts'
import type { Service } from '../client.ts'
import { estimateError } from '../cost/estimate-error.ts'
import { costLines, limitsFor } from '../cost/lines.ts'
import { findPrice } from '../cost/price.ts'
import { addJob, emptyWorkload } from '../cost/workload.ts'
import { tell, UsageError, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import type { FileRecord } from '../files/index.ts'
import { createJobReader } from './jobs.ts'
import type { Job, JobFields, JobOutcome } from './jobs.ts'
import { jsonOutcomes } from './json-outcomes.ts'
import { isInShard } from './shard.ts'
import type { Shard } from './shard.ts'

/** The parts of a dry run. */
interface Plan {
  fields: JobFields
  shard: Shard | undefined
  service: Service
  limits: RateLimiterOptions
  price: number | undefined
  isLocal: boolean
  shell: Shell
}

/** Prints the estimated cost of the jobs of a file, without ranking them. */
export async function sayCost(records: AsyncIterable<FileRecord>, plan: Plan): Promise<void> {
  const { fields, shard, service, limits, price, isLocal, shell } = plan
  const { keyOf } = jsonOutcomes
  const read = createJobReader(fields, keyOf)
  const workload = emptyWorkload()
  let broken = 0
  for await (const record of records) {
    const job = read(record)
    if (shard && !isInShard(keyOf(job), shard)) continue
    if ('error' in job) broken += 1
    else addJob(workload, job)
  }
  const { client } = service
  await writeLines(
    shell,
    costLines(workload, {
      limits: isLocal ? undefined : limitsFor(limits),
      price: isLocal ? undefined : await findPrice(price, client, client.model, shell),
      error: await estimateError(),
    }),
  )
  if (broken > 0) await tell(shell, [`Invalid lines, which would become errors: ${broken}`])
}

/** Keeps a run within a budget. */
export interface JobBudget {
  /** The jobs, as long as they fit; the first that does not ends them. */
  within: (jobs: AsyncGenerator<Job, void, undefined>) => AsyncGenerator<Job, void, undefined>
  /** Subtracts the tokens of a job from the budget. */
  settle: (outcome: JobOutcome) => void
  /** @throws UsageError if jobs were left undone */
  end: () => void
}

/** The budget of a run; without a number of tokens everything fits. */
export function createJobBudget(maxTokens: number | undefined): JobBudget {
  if (maxTokens === undefined)
    return { within: (jobs) => jobs, settle: () => undefined, end: () => undefined }
  const budget = createTokenBudget(maxTokens)
  const releases = new Map<Job, (used: number | undefined) => void>()
  let refusal: BudgetError | undefined
  return {
    async *within(jobs) {
      for await (const job of jobs) {
        try {
          releases.set(job, await budget.reserve(job))
        } catch (error) {
          if (!(error instanceof BudgetError)) throw error
          refusal = error
          return
        }
        yield job
      }
    },
    settle({ job, usage }) {
      releases.get(job)?.(usage?.total_tokens)
      releases.delete(job)
    },
    end() {
      if (refusal) throw new UsageError(`${refusal.message}. Continue with --resume`, { cause: refusal })
    },
  }
}
