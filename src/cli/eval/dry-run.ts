import type { RateLimiterOptions } from '../../bulk/index.ts'
import { planRequests } from '../../eval/index.ts'
import type { JudgedQuery } from '../../eval/index.ts'
import type { Service } from '../client.ts'
import { estimateError } from '../cost/estimate-error.ts'
import { costLines, limitsFor, minutesFor } from '../cost/lines.ts'
import { findPrice } from '../cost/price.ts'
import { addJob, emptyWorkload } from '../cost/workload.ts'
import { printable } from '../text.ts'
import { writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import type { EvalFlags } from './flags.ts'
import type { Variant } from './variants.ts'

interface Plan {
  queries: readonly JudgedQuery[]
  depth: number | undefined
  limits: RateLimiterOptions
  price: number | undefined
  flags: EvalFlags
  service: Service
  shell: Shell
}

/** Prints the estimated cost of an evaluation, without ranking anything. */
export async function sayCost(variants: readonly Variant[], plan: Plan): Promise<void> {
  const { queries, depth, flags, service, shell } = plan
  const limits = flags.local ? undefined : limitsFor(plan.limits)
  const error = await estimateError()
  const facts: object[] = []
  const lines: string[] = []
  for (const { name, model, instruction } of variants) {
    const workload = emptyWorkload()
    for (const request of planRequests(queries, { depth, instruction })) addJob(workload, request)
    const price = flags.local ? undefined : await findPrice(plan.price, service.client, model, shell)
    const perMillion = price ? price.perMillion : 0
    facts.push({
      name,
      ...workload,
      tokensError: error,
      minutes: limits ? minutesFor(workload, limits) : null,
      cost: perMillion === undefined ? null : (workload.tokens / 1e6) * perMillion,
    })
    if (lines.length > 0) lines.push('')
    if (variants.length > 1) lines.push(printable(name))
    lines.push(...costLines(workload, { limits, price, error }))
  }
  await writeLines(shell, flags.json ? [JSON.stringify({ dryRun: facts }, null, 2)] : lines)
}
