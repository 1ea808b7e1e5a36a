import type { Body, Field, Operation, Response } from '../contract/operation.ts'
import type { Change, DriftClass } from '../drift.ts'
import { difference, wireChange } from './changes.ts'
import { deprecation, presence, sideBySide } from './fields.ts'
import type { SchemaComparison } from './schemas.ts'
import { wordChanges, wordsAt } from './words.ts'

/** The changes of an operation's responses, by status. */
export function compareResponses(before: Operation, after: Operation, schemas: SchemaComparison): Change[] {
  return sideBySide(before.responses, after.responses).flatMap(([status, own, other]) => {
    const path = `response ${status}`
    // A status that is not listed is described by its range, or by the default.
    const [old, now] = [own ?? describing(before, status), other ?? describing(after, status)]
    const moved =
      own && other ? [] : [presenceChange(status, own, other, old !== undefined && now !== undefined)]
    return [...moved.flat(), ...(old && now ? compareResponse(old, now, path, schemas) : [])]
  })
}

/** The changes of a JSON body. */
export function compareJson(old: Body, now: Body, path: string, schemas: SchemaComparison): Change[] {
  if (!old.json || !now.json) return []
  const keys = ['example', 'examples']
  return [
    ...wordChanges(wordsAt(old.json, keys), wordsAt(now.json, keys), now.json.pointer, path),
    ...schemas.compare(old.schema, now.schema, path),
  ]
}

/** The response that describes a status, if the status has no response itself. */
function describing({ responses }: Operation, status: string): Response | undefined {
  const range = /^[1-5]\d\d$/.test(status) ? responses.get(`${status.charAt(0)}XX`) : undefined
  return range ?? (status === 'default' || isSuccess(status) ? undefined : responses.get('default'))
}

function isSuccess(status: string): boolean {
  return status.startsWith('2')
}

/**
 * The change of a status that came or went. Callers know errors by their status, and the service could always fail. The
 * types say nothing of a new success.
 */
function presenceChange(
  status: string,
  old: Response | undefined,
  now: Response | undefined,
  isDescribed: boolean,
): Change[] {
  const either = now ?? old
  if (either === undefined) return []
  const name: DriftClass = isSuccess(status) && !isDescribed ? 'breaking' : 'compatible'
  const what = { subject: 'status', before: old && status, after: now && status }
  const kind = `response-status-${now ? 'added' : 'removed'}`
  return [wireChange(name, kind, either.place.pointer, `response ${status}`, what)]
}

function compareResponse(old: Response, now: Response, path: string, schemas: SchemaComparison): Change[] {
  return [
    ...wordChanges(
      wordsAt(old.place, ['description']),
      wordsAt(now.place, ['description']),
      now.place.pointer,
      path,
    ),
    ...sideBySide(old.headers, now.headers).flatMap(([name, one, other]) =>
      compareHeader(one, other, `${path} header ${name}`, schemas),
    ),
    ...jsonPresence(old, now, path),
    ...compareJson(old, now, path, schemas),
  ]
}

function jsonPresence(old: Response, now: Response, path: string): Change[] {
  const [before, after] = [old, now].map(({ json }) => json && 'application/json')
  const kind = `response-json-${after ? 'added' : 'removed'}`
  const what = { subject: 'media type', before, after }
  return difference(after ? 'compatible' : 'breaking', kind, now.place.pointer, path, what)
}

function compareHeader(
  old: Field | undefined,
  now: Field | undefined,
  path: string,
  schemas: SchemaComparison,
): Change[] {
  const either = now ?? old
  if (either === undefined) return []
  const [was, is] = [presence(old), presence(now)]
  // A header that was never promised can go.
  const name: DriftClass = was === 'required' ? 'breaking' : 'compatible'
  const kind = `response-header-${was === undefined ? 'added' : (is ?? 'removed')}`
  const keys = ['description', 'example', 'examples']
  return [
    ...difference(name, kind, either.place.pointer, path, { subject: 'header', before: was, after: is }),
    ...(old && now
      ? [
          ...wordChanges(wordsAt(old.place, keys), wordsAt(now.place, keys), now.place.pointer, path),
          ...deprecation(old.place, now.place, path),
          ...schemas.compare(old.schema, now.schema, path),
        ]
      : []),
  ]
}
