// A drift in words, for people and for machines. Upstream's words reach no format unescaped.

import type { Drift } from '../drift.ts'
import { inAnnotations } from './github.ts'
import { inJson } from './json.ts'
import { inMarkdown } from './markdown.ts'
import { inText, type Terminal } from './text.ts'

export { inMarkdown, type Terminal }

interface ReportFormat {
  /** The ending of files in this format, if people keep such files. */
  readonly ending?: string
  readonly write: (drift: Drift, terminal: Terminal) => string
}

const REPORTS = {
  text: { ending: '.txt', write: inText },
  json: { ending: '.json', write: inJson },
  markdown: { ending: '.md', write: (drift) => inMarkdown(drift) },
  github: { write: inAnnotations },
} satisfies Readonly<Record<string, ReportFormat>>

/** A format of a report. */
export type Format = keyof typeof REPORTS

/** All formats. */
export const FORMATS = Object.keys(REPORTS) as Format[]

/** The formats by the endings of their files. */
export const ENDINGS: ReadonlyMap<string, Format> = new Map(
  FORMATS.flatMap((format) => {
    const { ending }: ReportFormat = REPORTS[format]
    return ending === undefined ? [] : [[ending, format]]
  }),
)

/** A drift in a format, without a line break at its end. */
export function report(drift: Drift, format: Format, terminal: Terminal = { color: false }): string {
  return REPORTS[format].write(drift, terminal)
}
