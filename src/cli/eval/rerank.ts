import {
  BudgetError,
  createTokenBudget,
  evaluate,
  formatRun,
  measureRun,
  planRequests,
  toRuns,
} from '../../eval/index.ts'
import type { Evaluation, ScoreStore } from '../../eval/index.ts'
import { createRateLimiter } from '../../bulk/index.ts'
import { isRerankError } from '../../index.ts'
import { assertJudged } from '../../shared/assert-judged.ts'
import { listenToSignals } from '../bulk/interrupt.ts'
import { showProgress } from '../bulk/progress.ts'
import { serviceFor, usable } from '../client.ts'
import { findPrice } from '../cost/price.ts'
import { numberFlag } from '../flags.ts'
import { tell, UsageError } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { writeWhole } from '../whole-file.ts'
import type { Source } from './collection.ts'
import { sayCost } from './dry-run.ts'
import type { EvalFlags, Measuring } from './flags.ts'
import type { Report, System } from './report.ts'
import { openScores } from './scores-file.ts'
import { variantsOf } from './variants.ts'

/** Reranks by each model and instruction; an exit code where that was only to be estimated, or was interrupted. */
export async function rerankReport(
  { title, queries }: Extract<Source, { queries: object }>,
  { flags, measuring, shell }: { flags: EvalFlags; measuring: Measuring; shell: Shell },
): Promise<Report | number> {
  const depth = numberFlag('top', flags.top, { least: 1, whole: true })
  const price = numberFlag('price', flags.price, { least: 0 })
  const limits = {
    concurrency: numberFlag('concurrency', flags.concurrency, { least: 1, most: 1000, whole: true }),
    requestsPerMinute: numberFlag('requests-per-minute', flags['requests-per-minute'], { least: 0.001 }),
    tokensPerMinute: numberFlag('tokens-per-minute', flags['tokens-per-minute'], { least: 1 }),
  }
  const maxTokens = numberFlag('max-tokens', flags['max-tokens'], { least: 1, whole: true })
  const budget = maxTokens === undefined ? undefined : createTokenBudget(maxTokens)
  const service = await serviceFor({ ...flags, model: flags.local ? flags.model?.[0] : undefined }, shell)
  const variants = variantsOf(flags, service)
  const { run, qrels } = toRuns(queries)
  const measured = measureRun(run, qrels, measuring)
  usable(() => assertJudged(measured))
  if (flags['dry-run']) {
    await sayCost(variants, { queries, depth, limits, price, flags, service, shell })
    return 0
  }

  const scores = flags.scores === undefined ? undefined : await openScores(flags.scores, flags.resume, shell)
  const rateLimiter = createRateLimiter(limits)
  const total = planRequests(queries, { depth }).length * variants.length
  const tally = { ranked: 0, failed: 0, tokens: 0 }
  const progress = showProgress(shell, tally, total, rateLimiter)
  const interruption = listenToSignals()
  const evaluations: Evaluation[] = []
  try {
    for (const { model, instruction } of variants) {
      const before = { ...tally }
      const options = {
        ...service.options,
        ...measuring,
        depth,
        model,
        instruction,
        rateLimiter,
        budget,
        scores,
        signal: interruption.signal,
      }
      const evaluation = await evaluate(service.client, queries, {
        ...options,
        onEvaluated: ({ done, failed, tokens }) => {
          tally.ranked = before.ranked + done - failed
          tally.failed = before.failed + failed
          tally.tokens = before.tokens + tokens
        },
      })
      evaluations.push(evaluation)
    }
  } catch (error) {
    if (interruption.code === undefined) throw endedBy(error, scores)
    await tell(shell, [`Stopped${scores ? ': continue with --resume' : ''}`])
    return interruption.code
  } finally {
    interruption.stop()
    progress.stop()
    await scores?.close()
  }

  const systems = await Promise.all(
    variants.map(async ({ name, model }, place): Promise<System> => {
      const evaluation = evaluations[place]
      if (!evaluation) throw new Error('a variant was not evaluated')
      const { perMillion, currency } = flags.local
        ? { perMillion: 0, currency: undefined }
        : await findPrice(price, service.client, model, shell)
      const cost = perMillion === undefined ? undefined : (evaluation.tokens / 1e6) * perMillion
      return { name, compared: evaluation, evaluation, cost, currency, isLexical: flags.local }
    }),
  )
  if (flags.output !== undefined) await writeRun(flags.output, systems)
  return {
    title,
    measures: measuring.measures,
    baseline: { name: `first stage of ${title}`, ...measured },
    systems,
    texts: queries,
  }
}

async function writeRun(path: string, [system]: readonly System[]): Promise<void> {
  if (!system?.evaluation) return
  let text: string
  try {
    text = formatRun(system.evaluation.run, system.name)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
  await writeWhole(path, text)
}

/** The error that ended an evaluation early, with the way to go on. */
function endedBy(error: unknown, scores: ScoreStore | undefined): unknown {
  if (!isRerankError(error) && !(error instanceof BudgetError) && !(error instanceof TypeError)) return error
  const message = error.message.replace(/\.$/, '')
  const next = scores ? '. Continue with --resume when that is resolved' : ''
  return new UsageError(`${message}${next}`, { cause: error })
}
