import { oneLine } from '../shared/one-line.ts'
import { property } from '../shared/property.ts'
import type { ValidationIssue } from './validation-issue.ts'

const ISSUES_SHOWN = 3

/**
 * The words of a server in the body of an error, as one bounded line, from where servers of this API and gateways
 * before them put them: `detail`, `error`, `message`, plain text, an HTML page's title.
 */
export function serverMessage(body: unknown): string {
  const words =
    typeof body === 'string' ? (pageWords(body) ?? body) : issueWords(readIssues(body)) || findWords(body)
  return oneLine(words ?? JSON.stringify(body ?? '')).replace(/^(?:"")?$/, 'an empty body')
}

/** The issues that FastAPI lists in the `detail` of a 422. */
export function readIssues(body: unknown): ValidationIssue[] {
  return listed(property(body, 'detail')).flatMap((entry) => {
    const [message, type] = [property(entry, 'msg'), property(entry, 'type')]
    const path = listed(property(entry, 'loc'))
      .filter((name) => /string|number/.test(typeof name))
      .join('.')
    return typeof message === 'string' ? { path, message, type: typeof type === 'string' ? type : '' } : []
  })
}

/** Tells whether a success carries an error, as gateways wrap one: an `error`, or words of one in place of results. */
export function isWrappedError(body: unknown): boolean {
  const has = (name: string): boolean => Boolean(property(body, name))
  return (
    has('error') ||
    (!Array.isArray(property(body, 'results')) &&
      (has('detail') || has('message') || property(body, 'object') === 'error'))
  )
}

/** Words from the places where servers put them, first the most telling. */
function findWords(body: unknown): string | undefined {
  return ['detail', 'error', 'message', 'errors']
    .flatMap((name) => property(body, name))
    .flatMap((found) => [found, ...['message', 'detail', 'msg'].map((name) => property(found, name))])
    .find((words): words is string => typeof words === 'string' && words.trim() !== '')
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function issueWords(issues: readonly ValidationIssue[]): string {
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** Words for a page, or for some other document in tags; `undefined` for plain text. */
export function pageWords(text: string): string | undefined {
  const beginning = text.slice(0, 10_000)
  if (!/^\s*<[!?a-z]/i.test(beginning)) return undefined
  const title = oneLine(/<title[^<>]*>([^<]*)/i.exec(beginning)?.[1] ?? '', 100)
  return title ? `an HTML page titled "${title}"` : 'an HTML or XML document'
}
