import { escapeInvisible } from './invisible.ts'

/** The severity with which GitHub shows an annotation. */
export type Level = 'notice' | 'warning' | 'error'

/** A workflow command, as GitHub's runner reads it: one line that it shows as an annotation, whatever the texts hold. */
export function annotation(
  level: Level,
  message: string,
  properties: Readonly<Record<string, string>> = {},
): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`)
  return `::${level}${pairs.length === 0 ? '' : ` ${pairs.join(',')}`}::${data(message)}`
}

function data(text: string): string {
  return escapeInvisible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Values of properties know two characters more. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
