// What a change means to somebody who calls the client: the method, the field, and what to do.

import type { Change, What } from '../drift.ts'
import { codeSpan } from '../lib/code-span.ts'
import { cut, MAX_QUOTE } from '../lib/failure.ts'
import { alternatives, showAll, told } from '../report/sentences.ts'

/** The entry of the release notes about a change, in Markdown. Names and values of upstream are code. */
export interface Note {
  /** In words of what a caller types: `client.rerank`: request field `top_n` added. */
  readonly line: string
  /** Advice for callers whom the change breaks. */
  readonly migration: string | undefined
}

/** The note of a change. */
export function noteOf(change: Change): Note {
  const place = placeOf(change.path)
  return {
    line: `${place.named}${news(change)}`,
    migration: change.class === 'breaking' ? migration(change, place) : undefined,
  }
}

interface Place {
  readonly side: 'request' | 'response' | 'parameter' | 'other'
  readonly named: string
  /** The field as a caller writes it. */
  readonly field: string
}

const METHOD = '`client.rerank`'

function placeOf(path: string): Place {
  const [, root = '', name = ''] = /^(request|response \w+|parameter \w+)[.]?(.*)$/s.exec(path) ?? []
  const field = name === '' ? '' : codeSpan(name)
  const named = (what: string): string => `${METHOD}: ${what}${field === '' ? '' : ` ${field}`}`
  if (root === 'request')
    return {
      side: 'request',
      named: named(field === '' ? 'request' : 'request field'),
      field: field || 'the request',
    }
  if (root.startsWith('parameter')) return { side: 'parameter', named: named('parameter'), field }
  if (root.startsWith('response')) {
    const status = root.slice('response '.length)
    const what = status.startsWith('2') ? 'response' : `error ${status}`
    return {
      side: 'response',
      named: named(field === '' ? what : `${what} field`),
      field: field || 'the response',
    }
  }
  return { side: 'other', named: codeSpan(path), field: codeSpan(path) }
}

function news({ what }: Change): string {
  if (what.subject === 'field' || what.subject === 'header') {
    if (what.before === undefined) return what.after === 'required' ? ' added, required' : ' added'
    if (what.after === undefined) return ' removed'
  }
  return `: ${told(what, codeSpan)}`
}

function migration({ what, kind, path }: Change, place: Place): string {
  const { side, field } = place
  const isBody = kind.endsWith('-json-removed')
  if (what.subject === 'endpoint' || (isBody && /^(?:request|response 200)$/.test(path)))
    return 'there is none, as the endpoint was removed'
  if (isBody) return `stop reading the JSON of ${place.named.slice(`${METHOD}: `.length)}`
  if (what.subject === 'security') return 'send the credentials that the new contract requires'
  if (what.subject === 'default') return `send ${field} yourself if you rely on its old default`
  if (what.subject === 'status') return 'handle the new status'
  if (what.subject === 'style') return `send ${field} in the new form`
  return side === 'response' ? reading(what, field) : sending(what, field)
}

function reading({ subject, after }: What, field: string): string {
  if (after === undefined && ['field', 'header', 'name-removed'].includes(subject))
    return `stop reading ${field}`
  if (after === 'optional') return `check that ${field} is there before you read it`
  return `handle the new values of ${field}`
}

function sending({ subject, before, after }: What, field: string): string {
  if (after === undefined && ['field', 'name-removed'].includes(subject)) return `stop sending ${field}`
  if (after === 'required') return `send ${field}`
  if (subject === 'values' && Array.isArray(before))
    return `stop sending ${showAll(before, codeSpan)} as ${field}`
  if (subject === 'enum' && Array.isArray(after)) return `send ${field} as one of ${showAll(after, codeSpan)}`
  if (subject === 'type') return `send ${field} as ${alternatives(after)}`
  const limit = typeof after === 'number' || typeof after === 'string' ? LIMITS[subject] : undefined
  return `send ${field} ${limit?.(after) ?? 'as the new contract requires'}`
}

const counted =
  (most: string, unit: string) =>
  (value: unknown): string =>
    `with ${most} ${String(value)} ${value === 1 ? unit : `${unit === 'property' ? 'propertie' : unit}s`}`

/** The meaning of a keyword's value for a caller. */
const LIMITS: Readonly<Record<string, (value: unknown) => string>> = {
  maxLength: counted('at most', 'character'),
  minLength: counted('at least', 'character'),
  maxItems: counted('at most', 'item'),
  minItems: counted('at least', 'item'),
  maxProperties: counted('at most', 'property'),
  minProperties: counted('at least', 'property'),
  maximum: (value) => `as a number of at most ${String(value)}`,
  minimum: (value) => `as a number of at least ${String(value)}`,
  exclusiveMaximum: (value) => `as a number below ${String(value)}`,
  exclusiveMinimum: (value) => `as a number above ${String(value)}`,
  multipleOf: (value) => `as a multiple of ${String(value)}`,
  pattern: (value) => `in a form that matches ${codeSpan(cut(String(value), MAX_QUOTE))}`,
  format: (value) => `in the format ${codeSpan(String(value))}`,
}
