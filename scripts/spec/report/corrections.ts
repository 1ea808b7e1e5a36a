import type { Correction } from '../contract/overlay.ts'
import type { Drift } from '../drift.ts'
import { annotation } from '../lib/annotation.ts'
import { codeSpan } from '../lib/code-span.ts'
import { escapeInvisible } from '../lib/invisible.ts'

/** A correction of upstream's document as one line: what was done, or what to do about it. */
export function correctionLine({ target, reason, until, state }: Correction): string {
  return escapeInvisible(`correction of ${target} ${OUTCOMES[state](until)} (${reason})`.replace(/\s+/g, ' '))
}

const OUTCOMES: Readonly<Record<Correction['state'], (until: string) => string>> = {
  applied: (until) => `was applied; it is valid up to ${until}`,
  idle: () => 'no longer changes anything: remove it',
  expired: (until) => `has expired and was not applied: it was valid up to ${until}; renew or remove it`,
}

/** For a terminal. */
export function correctionsInText({ corrections = [] }: Drift): string[] {
  return corrections.map((correction) => `  ${correctionLine(correction)}`)
}

/** A paragraph for a pull request. */
export function correctionsInMarkdown({ corrections = [] }: Drift): string[] {
  if (corrections.length === 0) return []
  return [corrections.map((correction) => `- ${codeSpan(correctionLine(correction))}`).join('\n')]
}

/** For a run on GitHub: those that somebody has to look at. */
export function correctionsInAnnotations({ corrections = [] }: Drift): string[] {
  return corrections
    .filter(({ state }) => state !== 'applied')
    .map((correction) => annotation('warning', correctionLine(correction), { file: 'specs/overlay.json' }))
}
