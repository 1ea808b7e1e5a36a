// What a change means to somebody who calls the client: the method, the field, and what to do.

import type { Change, What } from '../drift.ts'
import { alternatives, showAll, told } from '../report/sentences.ts'
import { RULES } from '../schema/keywords.ts'

/** The entry of the release notes about a change. */
export interface Note {
  /** In words of what a caller types: `client.rerank: request field top_n added`. */
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

const METHOD = 'client.rerank'

function placeOf(path: string): Place {
  const [, root = '', field = ''] = /^(request|response \w+|parameter \w+)[.]?(.*)$/s.exec(path) ?? []
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
  return { side: 'other', named: path, field: path }
}

function news({ what }: Change): string {
  if (what.subject === 'field' || what.subject === 'header') {
    if (what.before === undefined) return what.after === 'required' ? ' added, and required' : ' added'
    if (what.after === undefined) return ' removed'
  }
  return `: ${told(what)}`
}

function migration({ what, kind, path }: Change, place: Place): string {
  const { side, field } = place
  const isBody = kind.endsWith('-json-removed')
  if (what.subject === 'endpoint' || (isBody && /^(?:request|response 200)$/.test(path)))
    return 'there is none: the endpoint is gone'
  if (isBody) return `stop reading the JSON of ${place.named.slice(`${METHOD}: `.length)}`
  if (what.subject === 'security') return 'sign in as the new contract asks'
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
  if (subject === 'values' && Array.isArray(before)) return `stop sending ${showAll(before)} as ${field}`
  if (subject === 'enum' && Array.isArray(after)) return `send ${field} as one of ${showAll(after)}`
  if (subject === 'type') return `send ${field} as ${alternatives(after)}`
  return isLimit(subject, after)
    ? `keep ${field} to ${subject} ${String(after)}`
    : `send ${field} as the new contract asks`
}

function isLimit(subject: string, value: unknown): boolean {
  return RULES[subject] !== undefined && (typeof value === 'number' || typeof value === 'string')
}
