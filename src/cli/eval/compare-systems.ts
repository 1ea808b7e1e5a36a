import { compareRuns, measureRun } from '../../eval/index.ts'
import type { Source } from './collection.ts'
import type { Measuring } from './flags.ts'
import type { Report } from './report.ts'
import { UsageError } from '../terminal.ts'

/** A run as it is, or two side by side. @throws UsageError if nothing in it is judged */
export function compareSystems(
  { title, qrels, runs }: Extract<Source, { runs: object }>,
  measuring: Measuring,
): Report {
  const [first, second] = runs
  const run = first?.run ?? new Map<string, never>()
  // Compared are the queries that either of them has; measured by itself, those that it has.
  const compared = second && compareRuns(run, second.run, qrels, measuring)
  const counted = compared
    ? new Map([...qrels].filter(([id]) => compared.queries.some((each) => each.id === id)))
    : qrels
  const measured = measureRun(run, counted, {
    ...measuring,
    complete: measuring.complete || compared !== undefined,
  })
  if (measured.queries.size === 0)
    throw new UsageError('No query of the run is judged: do the ids of both match?')
  return {
    title,
    measures: measuring.measures,
    baseline: { name: first?.name ?? title, ...measured },
    systems: second && compared ? [{ name: second.name, compared, isLexical: false }] : [],
    texts: [],
  }
}
