import type { Drift, DriftClass, Edition } from '../drift.ts'
import { escapeInvisible } from '../lib/invisible.ts'

/** What each verdict means, as the rest of a sentence. */
export const VERDICTS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing changed for callers',
  version: 'only the version changed',
  docs: 'words changed; no call and no type does',
  compatible: 'callers’ code goes on compiling and working',
  breaking: 'somebody’s code stops compiling, or a call stops working',
}

/** The verdict in one line, without its class. */
export function verdictLine({ drift, bump, from, to }: Drift): string {
  return `${VERDICTS[drift]} (${versions(from, to)}, bump ${bump})`
}

/** A text as one line that shows all of its characters. */
export function visible(text: string): string {
  return escapeInvisible(text).replaceAll(/\s+/g, ' ')
}

function versions(from: Edition, to: Edition): string {
  return from.version === to.version
    ? visible(to.version)
    : `${visible(from.version)} → ${visible(to.version)}`
}
