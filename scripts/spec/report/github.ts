import type { Drift, DriftClass } from '../drift.ts'
import { annotation, type Level } from '../lib/annotation.ts'
import { advice } from './advice.ts'
import { correctionsInAnnotations } from './corrections.ts'
import { sentence, verdictLine } from './sentences.ts'

const LEVELS: Readonly<Record<DriftClass, Level>> = {
  none: 'notice',
  version: 'notice',
  docs: 'notice',
  compatible: 'warning',
  breaking: 'error',
}

/** GitHub shows at most this many of each level for a step, and silently drops the others. */
const MAX_SHOWN = 10

/** For a run on GitHub: the verdict, and the worst changes of each level; what is left out is counted in the verdict. */
export function inAnnotations(drift: Drift): string {
  const room: Record<Level, number> = { notice: MAX_SHOWN, warning: MAX_SHOWN, error: MAX_SHOWN }
  room[LEVELS[drift.drift]]--
  const shown = drift.changes.filter(({ class: name }) => room[LEVELS[name]]-- > 0)
  const left = drift.changes.length - shown.length
  const more = left === 0 ? '' : `; ${left} of ${drift.changes.length} changes are not shown here`
  return [
    annotate(drift.drift, 'Upstream drift', `${drift.drift}: ${verdictLine(drift)}${more}`),
    ...shown.map((change) =>
      annotate(
        change.class,
        `${change.class} at ${change.pointer}`,
        `${sentence(change)} → ${advice(change)}`,
      ),
    ),
    ...correctionsInAnnotations(drift),
  ].join('\n')
}

function annotate(name: DriftClass, title: string, message: string): string {
  return annotation(LEVELS[name], message, { file: 'openapi.json', title })
}
