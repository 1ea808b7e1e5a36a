import type { Change } from '../../drift.ts'
import { isObject } from '../../lib/json.ts'
import { isTrue, jsonOf, resolved, schemaOf, member, type Located } from '../meaning/located.ts'
import type { Reader } from '../meaning/meaning.ts'
import { moveOf } from './comparison.ts'
import { fact, flagChange, sideBySide, texts } from './facts.ts'
import type { CompareSchemas } from './schemas.ts'

/** An operation and the reader of its document. */
export interface Answering {
  readonly reader: Reader
  readonly post: Located
}

/** The changes of an operation's answers, by status. */
export function compareResponses(before: Answering, after: Answering, schemas: CompareSchemas): Change[] {
  const [from, to] = [before, after].map(({ reader, post }) => entries(member(post, 'responses'), reader))
  return sideBySide(from ?? new Map(), to ?? new Map()).flatMap(([status, old, now]) => {
    const where = `answer ${status}`
    if (old && now) return compareResponse(old, now, where, before.reader, after.reader, schemas)
    const id = status.startsWith('2') ? 'success status' : 'error status'
    const pointer = (now ?? old ?? after.post).pointer
    return [fact(id, moveOf(old, now), pointer, where, now ? 'is new' : 'is gone')]
  })
}

/** The changes of a JSON body. */
export function compareJson(old: Located, now: Located, where: string, schemas: CompareSchemas): Change[] {
  return [
    ...texts(jsonOf(old), jsonOf(now), where, ['example', 'examples']),
    ...schemas(member(jsonOf(old), 'schema'), member(jsonOf(now), 'schema'), where),
  ]
}

function compareResponse(
  old: Located,
  now: Located,
  where: string,
  before: Reader,
  after: Reader,
  schemas: CompareSchemas,
): Change[] {
  const [had, has] = [old, now].map((response) => jsonOf(response).value !== undefined)
  const headers = [
    entries(member(old, 'headers'), before, lower),
    entries(member(now, 'headers'), after, lower),
  ] as const
  return [
    ...texts(old, now, where, ['description']),
    ...sideBySide(...headers).flatMap(([name, one, other]) =>
      compareHeader(one, other, `${where} header ${name}`, schemas),
    ),
    ...(had && has ? compareJson(old, now, where, schemas) : []),
    ...(had && !has ? [fact('answer body', 'removed', now.pointer, where, 'application/json is gone')] : []),
    ...(!had && has ? [fact('answer body', 'added', now.pointer, where, 'application/json is new')] : []),
  ]
}

function compareHeader(
  old: Located | undefined,
  now: Located | undefined,
  where: string,
  schemas: CompareSchemas,
): Change[] {
  const place = now ?? old
  if (place === undefined) return []
  const id = isTrue(member(place, 'required')) ? 'required header' : 'optional header'
  if (!old || !now) return [fact(id, moveOf(old, now), place.pointer, where, now ? 'is new' : 'is gone')]
  const [was, is] = [old, now].map((header) => isTrue(member(header, 'required')))
  return [
    ...texts(old, now, where, ['description', 'example', 'examples']),
    ...flagChange('deprecated', old, now, where),
    ...(was === is
      ? []
      : [fact(id, 'changed', now.pointer, where, is ? 'is always there now' : 'may be missing now')]),
    ...schemas(schemaOf(old), schemaOf(now), where),
  ]
}

function entries(
  map: Located,
  reader: Reader,
  spelling = (name: string): string => name,
): Map<string, Located> {
  if (!isObject(map.value)) return new Map()
  return new Map(Object.keys(map.value).map((key) => [spelling(key), resolved(member(map, key), reader)]))
}

function lower(name: string): string {
  return name.toLowerCase()
}
