import { DEFAULT_MEASURES, measureRun } from '../../eval/index.ts'
import { numberFlag, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import type { readFlags } from '../flags.ts'
import { UsageError } from '../terminal.ts'

/** The flags of `eval`. */
export const FLAGS = {
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

/** Options of measuring. */
export interface Measuring {
  measures: string[]
  complete: boolean
  seed: number | undefined
}

/** Reads how to measure; measures with a limit are measured too. @throws UsageError */
export function readMeasuring(flags: EvalFlags, limited: readonly string[]): Measuring {
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

/** @throws UsageError for flags that contradict each other */
export function checkFlags(flags: EvalFlags): void {
  const { scores, resume } = flags
  if (resume && scores === undefined) throw new UsageError('--resume needs --scores FILE')
  if (flags['dry-run'] && scores !== undefined)
    throw new UsageError('--dry-run cannot be combined with --scores')
  if (flags['max-tokens'] !== undefined && scores === undefined) {
    throw new UsageError('--max-tokens needs --scores FILE, so that a run that it ends can be resumed')
  }
  const systems = Math.max(flags.model?.length ?? 0, 1) * Math.max(flags.instruction?.length ?? 0, 1)
  if (flags.output !== undefined && systems > 1) {
    throw new UsageError('-o can write only one run: use one --model and one --instruction')
  }
}

/** Flags that have an effect only on reranking. */
const RERANKING = [
  ...['model', 'instruction', 'top', 'local', 'service-tier', 'base-url', 'timeout'],
  ...['scores', 'output', 'dry-run', 'price', 'max-tokens'],
] as const

/** @throws UsageError for a flag of reranking where nothing is reranked */
export function refuseRerankingFlags(flags: EvalFlags): void {
  const vain = RERANKING.find((name) => {
    const value: unknown = Reflect.get(flags, name)
    return value !== undefined && value !== false
  })
  if (vain !== undefined) {
    throw new UsageError(`--${vain} is for reranking, which needs texts: add --queries and --corpus`)
  }
}
