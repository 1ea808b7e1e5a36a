// A drift in words, for people and for machines. Upstream's words reach no format unescaped.

import type { Drift } from '../drift.ts'
import { correctionsInAnnotations, correctionsInText } from './corrections.ts'
import { inAnnotations } from './github.ts'
import { inJson } from './json.ts'
import { inMarkdown } from './markdown.ts'
import { inText } from './text.ts'

export { inMarkdown }

/** The formats of a report. */
export const FORMATS = ['text', 'json', 'markdown', 'github'] as const

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number]

/** The abilities of a terminal. */
export interface Terminal {
  readonly color: boolean
}

/** A drift in a format, without a line break at its end. */
export function report(drift: Drift, format: Format, terminal: Terminal = { color: false }): string {
  return REPORTS[format](drift, terminal)
}

const REPORTS: Readonly<Record<Format, (drift: Drift, terminal: Terminal) => string>> = {
  text: (drift, { color }) => [inText(drift, color), ...correctionsInText(drift)].join('\n'),
  json: (drift) => inJson(drift),
  markdown: (drift) => inMarkdown(drift),
  github: (drift) => [inAnnotations(drift), ...correctionsInAnnotations(drift)].join('\n'),
}
