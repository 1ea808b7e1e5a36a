import { inspect } from 'node:util'
import { isRerankError } from '../../src/index.ts'

/** Everything that a log, a debugger or a crash report could print of a thrown value. */
export function viewsOf(thrown: unknown): string[] {
  const views = [String(thrown), JSON.stringify(thrown), inspect(thrown, { depth: 10, showHidden: true })]
  if (!(thrown instanceof Error)) return views
  const { message, name, stack = '', cause } = thrown
  views.push(message, name, stack, ...(cause === undefined ? [] : viewsOf(cause)))
  if (isRerankError(thrown)) {
    const { body, headers, requestId = '' } = thrown
    views.push(inspect(body, { depth: 10, maxStringLength: Infinity }), inspect(headers), requestId)
  }
  return views
}
