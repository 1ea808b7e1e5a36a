import { createTokenBudget, DEFAULT_MEASURES, measureRun } from '../../eval/index.ts'
import { numberFlag, readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import { isColoured, tell, UsageError, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { checkWritable, writeWhole } from '../whole-file.ts'
import { readSource } from './collection.ts'
import { compareSystems } from './compare-systems.ts'
import { belowLimits, readLimits } from './fail-under.ts'
import { htmlReport } from './html/report.ts'
import { reportJson } from './report.ts'
import type { Report } from './report.ts'
import { rerankReport } from './rerank.ts'
import { reportLines } from './table.ts'

const FLAGS = {
  ...SHARED_FLAGS,
  ...SERVICE_FLAGS,
  model: { type: 'string', multiple: true },
  instruction: { type: 'string', multiple: true },
  sample: { type: 'boolean', default: false },
  qrels: { type: 'string' },
  run: { type: 'string', multiple: true },
  queries: { type: 'string' },
  corpus: { type: 'string' },
  fields: { type: 'string' },
  top: { type: 'string' },
  concurrency: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'tokens-per-minute': { type: 'string' },
  scores: { type: 'string' },
  resume: { type: 'boolean', default: false },
  measure: { type: 'string', multiple: true },
  complete: { type: 'boolean', short: 'c', default: false },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  html: { type: 'string' },
  'fail-under': { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  price: { type: 'string' },
  'max-tokens': { type: 'string' },
} as const

/** The flags of `eval` as they were given. */
export type EvalFlags = ReturnType<typeof readFlags<typeof FLAGS>>['values']

/** How rankings are measured. */
export interface Measuring {
  measures: string[]
  complete: boolean
  seed: number | undefined
}

/** Measures rankings, and what reranking changes in them. */
export async function evalCommand(shell: Shell): Promise<number> {
  const { values: flags, positionals } = readFlags(shell.args, FLAGS)
  const limits = readLimits(flags['fail-under'] ?? [])
  const measuring = readMeasuring(flags, [...limits.keys()])
  checkFlags(flags)
  for (const path of [flags.output, flags.html]) if (path !== undefined) await checkWritable(path)
  const source = await readSource(positionals, flags, shell.stdin)
  if (source.queries === undefined) {
    refuseRerankingFlags(flags)
    return show(compareSystems(source, measuring), limits, { flags, shell })
  }
  const report = await rerankReport(source, { flags, measuring, shell })
  // A dry run has said what it had to say.
  return report ? show(report, limits, { flags, shell }) : 0
}

async function show(
  report: Report,
  limits: ReadonlyMap<string, number>,
  { flags, shell }: { flags: EvalFlags; shell: Shell },
): Promise<number> {
  if (flags.html !== undefined) await writeWhole(flags.html, htmlReport(report))
  const { stdout } = shell
  const look = { columns: stdout.isTTY ? stdout.columns || 80 : 100, coloured: isColoured(stdout, shell) }
  await writeLines(
    shell,
    flags.json ? [JSON.stringify(reportJson(report), null, 2)] : reportLines(report, look),
  )
  const below = belowLimits(report, limits)
  if (below.length > 0) await tell(shell, below)
  return below.length > 0 || report.systems.some(({ evaluation }) => (evaluation?.failed.length ?? 0) > 0)
    ? 1
    : 0
}

function readMeasuring(flags: EvalFlags, limited: readonly string[]): Measuring {
  const named = (flags.measure ?? []).flatMap((names) => names.split(',')).map((name) => name.trim())
  const measures = [...new Set([...(named.length > 0 ? named : DEFAULT_MEASURES), ...limited])]
  try {
    measureRun(new Map(), new Map(), { measures })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
  const seed = numberFlag('seed', flags.seed, { whole: true, least: 0 })
  return { measures, complete: flags.complete, seed }
}

function checkFlags(flags: EvalFlags): void {
  const { scores, resume } = flags
  if (resume && scores === undefined) throw new UsageError('--resume goes with --scores FILE')
  if (flags['dry-run'] && scores !== undefined) throw new UsageError('--dry-run does not go with --scores')
  if (flags['max-tokens'] !== undefined && scores === undefined) {
    throw new UsageError('--max-tokens needs --scores FILE, so that a run that it ends can be resumed')
  }
  const systems = Math.max(flags.model?.length ?? 0, 1) * Math.max(flags.instruction?.length ?? 0, 1)
  if (flags.output !== undefined && systems > 1) {
    throw new UsageError('-o takes the run of one model with one instruction: name one of each')
  }
}

/** Flags that mean something only where texts are reranked. */
const RERANKING = [
  ...['model', 'instruction', 'top', 'local', 'service-tier', 'base-url', 'timeout'],
  ...['scores', 'output', 'dry-run', 'price', 'max-tokens'],
] as const

function refuseRerankingFlags(flags: EvalFlags): void {
  const vain = RERANKING.find((name) => {
    const value: unknown = Reflect.get(flags, name)
    return value !== undefined && value !== false
  })
  if (vain !== undefined) {
    throw new UsageError(`--${vain} is for reranking, which needs texts: add --queries and --corpus`)
  }
}

/** The budget that a flag gives. @throws UsageError */
export function budgetFor(
  flags: Pick<EvalFlags, 'max-tokens'>,
): ReturnType<typeof createTokenBudget> | undefined {
  const most = numberFlag('max-tokens', flags['max-tokens'], { least: 1, whole: true })
  return most === undefined ? undefined : createTokenBudget(most)
}
