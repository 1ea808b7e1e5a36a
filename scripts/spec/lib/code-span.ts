import { escapeInvisible, escapeUnit } from './invisible.ts'

/**
 * Any text as inline code, where Markdown acts on nothing: no mention, link, HTML or reference to an issue. What could
 * end the code is escaped.
 */
export function codeSpan(text: string): string {
  const line = escapeInvisible(text.replaceAll(/\s+/g, ' ').trim())
  return line === '' ? '` `' : `\`${line.replaceAll('`', escapeUnit)}\``
}

/** The same for a cell of a table, which a bar would end. */
export function codeCell(text: string): string {
  const span = codeSpan(text).replaceAll(/(?<!\\)\\+(?=\|)/g, (run) => run.split('').map(escapeUnit).join(''))
  return span.replaceAll('|', '\\|')
}
