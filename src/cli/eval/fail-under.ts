import { numberFlag } from '../flags.ts'
import { UsageError } from '../terminal.ts'
import type { Report } from './report.ts'

/** Reads limits such as `ndcg@10=0.45`, by measure. @throws UsageError */
export function readLimits(given: readonly string[]): Map<string, number> {
  return new Map(
    given.map((text) => {
      const at = text.lastIndexOf('=')
      if (at < 1)
        throw new UsageError(
          `--fail-under must be a measure and a value, such as ndcg@10=0.45, got ${JSON.stringify(text)}`,
        )
      const value = numberFlag('fail-under', text.slice(at + 1), { least: 0, most: 1 }) ?? 0
      return [text.slice(0, at).trim(), value] as const
    }),
  )
}

/** A line for each value below its limit, of what was compared or, where nothing was, of the only run. */
export function belowLimits({ baseline, systems }: Report, limits: ReadonlyMap<string, number>): string[] {
  const ranked =
    systems.length === 0
      ? [{ name: baseline.name, valueOf: (measure: string) => baseline.mean[measure] }]
      : systems.map(({ name, compared }) => ({
          name,
          valueOf: (measure: string) => compared.measures[measure]?.after,
        }))
  return ranked.flatMap(({ name, valueOf }) =>
    [...limits].flatMap(([measure, limit]) => {
      // As it is printed: a limit that was read off a report holds.
      const value = (valueOf(measure) ?? 0).toFixed(4)
      return Number(value) < limit ? [`${measure} of ${name} is ${value}, below ${limit}`] : []
    }),
  )
}
