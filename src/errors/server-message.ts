import { oneLine } from '../shared/one-line.ts'
import { property } from '../shared/property.ts'
import type { ValidationIssue } from './validation-issue.ts'

const ISSUES_SHOWN = 3

/**
 * The words of a server in the body of an error, as one bounded line, from where servers of this API and gateways
 * before them put them: `detail`, `error`, `message`, plain text, an HTML page's title.
 */
export function serverMessage(body: unknown): string {
  if (body === undefined || body === null || body === '') return 'an empty body'
  if (typeof body === 'string') return isMarkup(body) ? markupWords(body) : oneLine(body)
  const issues = readIssues(body)
  if (issues.length > 0) return oneLine(issueWords(issues))
  return oneLine(findWords(body) ?? JSON.stringify(body))
}

/** The issues that FastAPI lists in the `detail` of a 422. */
export function readIssues(body: unknown): ValidationIssue[] {
  const detail = property(body, 'detail')
  if (!Array.isArray(detail)) return []
  return detail.flatMap((entry: unknown) => {
    const [loc, message, type] = ['loc', 'msg', 'type'].map((key) => property(entry, key))
    if (typeof message !== 'string') return []
    const path = Array.isArray(loc) ? loc.filter(isName).join('.') : ''
    return [{ path, message, type: typeof type === 'string' ? type : '' }]
  })
}

/** Tells whether a success carries an error, as gateways wrap one: an `error`, or words of one in place of results. */
export function isWrappedError(body: unknown): boolean {
  if (![undefined, null, false, ''].includes(property(body, 'error') as undefined)) return true
  if (Array.isArray(property(body, 'results'))) return false
  return (
    property(body, 'object') === 'error' ||
    ['detail', 'message'].some((key) => (property(body, key) ?? '') !== '')
  )
}

/** The places where servers put their words, first the most telling. */
function findWords(body: unknown): string | undefined {
  const [detail, error, errors] = ['detail', 'error', 'errors'].map((key) => property(body, key))
  const candidates = [detail, error, property(body, 'message'), ...listed(detail), ...listed(errors)].flatMap(
    (found) => [found, property(found, 'message'), property(found, 'detail'), property(found, 'msg')],
  )
  return candidates.find((words): words is string => typeof words === 'string' && words.trim() !== '')
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isName(part: unknown): boolean {
  return typeof part === 'string' || typeof part === 'number'
}

function issueWords(issues: readonly ValidationIssue[]): string {
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** Tells whether a body is a page, or some other document in tags. */
export function isMarkup(text: string): boolean {
  return /^\s*<[!?a-z]/i.test(text.slice(0, 1000))
}

function markupWords(text: string): string {
  const beginning = text.slice(0, 10_000)
  if (!/<(?:!doctype html|html|head|body|title)\b/i.test(beginning)) return 'an XML document'
  const title = /<title[^>]*>([^<]*)/i.exec(beginning)?.[1]?.trim()
  return title ? `an HTML page titled "${oneLine(title, 100)}"` : 'an HTML page'
}
