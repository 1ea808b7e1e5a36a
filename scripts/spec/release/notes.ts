// What a change means to somebody who calls the client: the method, the field, and what to do.

import type { Change } from '../drift.ts'
import { told } from '../report/sentences.ts'

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
    line: `${place.named} ${verb(change)}`,
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

function verb({ what }: Change): string {
  if (what.subject === 'field' || what.subject === 'header') {
    if (what.before === undefined) return what.after === 'required' ? 'added, and required' : 'added'
    if (what.after === undefined) return 'removed'
  }
  return told(what)
}

function migration({ what, kind }: Change, { side, field }: Place): string {
  if (what.subject === 'endpoint' || kind.endsWith('-json-removed'))
    return 'there is none: the endpoint is gone'
  if (what.subject === 'security') return 'sign in as the new contract asks'
  if (what.subject === 'default') return `send ${field} yourself if you rely on its old default`
  if (what.subject === 'status') return 'handle the new status'
  if (what.subject === 'style') return `send ${field} in the new form`
  if (side === 'response') {
    const isGone = what.after === undefined && ['field', 'header', 'name-removed'].includes(what.subject)
    if (isGone) return `stop reading ${field}`
    return what.after === 'optional'
      ? `check that ${field} is there before you read it`
      : `handle the new values of ${field}`
  }
  if (what.after === undefined && ['field', 'name-removed'].includes(what.subject))
    return `stop sending ${field}`
  return what.after === 'required' ? `send ${field}` : `send ${field} as the new contract asks`
}
