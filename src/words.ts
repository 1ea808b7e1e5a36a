import type { ValidationIssue } from './errors.ts'

const LONGEST_WORDS = 300
const ISSUES_SHOWN = 3

/**
 * What a server said in the body of an error, as one bounded line. The places that servers of this API, and
 * gateways before them, are known to use: `detail`, `error`, `message`, plain text, an HTML page's title.
 */
export function serverWords(body: unknown): string {
  if (body === undefined || body === null || body === '') return 'an empty body'
  if (typeof body === 'string') return isHtml(body) ? htmlWords(body) : oneLine(body)
  const issues = readIssues(body)
  if (issues.length > 0) return oneLine(issueWords(issues))
  return oneLine(findWords(body) ?? JSON.stringify(body))
}

/** The faults that FastAPI lists in the `detail` of a 422. */
export function readIssues(body: unknown): ValidationIssue[] {
  const detail = field(body, 'detail')
  if (!Array.isArray(detail)) return []
  return detail.flatMap((entry: unknown) => {
    const [loc, message, type] = ['loc', 'msg', 'type'].map((key) => field(entry, key))
    if (typeof message !== 'string') return []
    const path = Array.isArray(loc) ? loc.join('.') : ''
    return [{ path, message, type: typeof type === 'string' ? type : '' }]
  })
}

/** A property of what may be anything. */
export function field(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** Text from outside, fit for a message: one line, no control characters, bounded. */
export function oneLine(text: string, longest: number = LONGEST_WORDS): string {
  // Cut twice: before the replacement, so that it never runs over megabytes, and after it.
  const line = text
    .slice(0, longest * 4)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
  return line.length > longest || text.length > longest * 4 ? `${line.slice(0, longest)}…` : line
}

function findWords(body: unknown): string | undefined {
  const error = field(body, 'error')
  const candidates = [field(body, 'detail'), error, field(error, 'message'), field(body, 'message')]
  return candidates.find((words) => typeof words === 'string' && words.trim() !== '') as string | undefined
}

function issueWords(issues: readonly ValidationIssue[]): string {
  const shown = issues
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** Whether a body is a page. */
export function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype html|html|head|body|title)\b/i.test(text.slice(0, 1000))
}

function htmlWords(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html.slice(0, 10_000))?.[1]?.trim()
  return title ? `an HTML page titled "${oneLine(title, 100)}"` : 'an HTML page'
}
