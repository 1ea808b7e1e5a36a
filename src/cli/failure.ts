import { isRerankError } from '../index.ts'
import { printable } from './text.ts'

/** Returns the message for a failure: one line, or all that is known of it. */
export function failureLine(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `nebius-rerank: ${printable(String(error))}`
  if (!debug) return `nebius-rerank: ${printable(error.message)}`
  const facts = isRerankError(error) ? [JSON.stringify(error)] : []
  const cause = error.cause instanceof Error ? [`caused by ${error.cause.stack ?? error.cause.message}`] : []
  return [error.stack ?? error.message, ...facts, ...cause]
    .flatMap((text) => text.split('\n'))
    .map((line) => line.slice(0, line.search(/\S|$/)) + printable(line))
    .join('\n')
}
