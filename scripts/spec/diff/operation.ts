import type { Operation } from '../contract/operation.ts'
import { PATH } from '../contract/index.ts'
import { rank, worst, type Change } from '../drift.ts'
import { itemsOf, member } from '../lib/located.ts'
import { difference, wireChange } from './changes.ts'
import { deprecation } from './fields.ts'
import { compareParameters } from './parameters.ts'
import { compareJson, compareResponses } from './responses.ts'
import { schemaComparison, type SchemaComparison } from './schemas.ts'
import { compareSecurity } from './security.ts'
import { otherWords, suspiciousWords } from './suspicious-words.ts'
import { wordChanges, wordsAt } from './words.ts'

/** The comparisons of the schemas of two contracts, by the way that values travel. */
export interface Comparisons {
  readonly request: SchemaComparison
  readonly response: SchemaComparison
}

/** The comparisons of two operations' schemas. */
export function comparisonsOf({ contract: before }: Operation, { contract: after }: Operation): Comparisons {
  return {
    request: schemaComparison(before, after, 'request'),
    response: schemaComparison(before, after, 'response'),
  }
}

/** Every difference of two operations that a caller or a reader could see. */
export function compareOperations(
  old: Operation,
  now: Operation,
  { request, response }: Comparisons,
): Change[] {
  const found = [
    ...compareVersions(old, now),
    ...compareWords(old, now),
    ...deprecation(old.post, now.post, `POST ${PATH}`),
    ...compareSecurity(old, now),
    ...compareParameters(old, now, request),
    ...compareBodies(old, now, request),
    ...compareResponses(old, now, response),
    ...compareServers(old, now),
  ]
  const isSilent = rank(worst(found.map((change) => change.class))) < rank('docs')
  return [
    ...distinct(found),
    ...(isSilent ? otherWords(old.contract, now.contract) : []),
    ...suspiciousWords(old.contract, now.contract),
  ]
}

/** A schema that is used in several places changes once. */
function distinct(changes: readonly Change[]): Change[] {
  const key = (change: Change): string => {
    const isShared = change.pointer.startsWith('#/components/')
    return JSON.stringify([change.class, change.kind, change.pointer, isShared ? change.what : change.path])
  }
  return [...new Map(changes.toReversed().map((change) => [key(change), change])).values()].reverse()
}

function compareVersions(
  { contract: { info: from } }: Operation,
  { contract: { info: to } }: Operation,
): Change[] {
  const what = { subject: 'version', before: from.version, after: to.version }
  return difference('version', 'version-changed', '#/info/version', 'info', what)
}

function compareWords(old: Operation, now: Operation): Change[] {
  const at = (key: 'info' | 'item' | 'post', path: string, keys: readonly string[]): Change[] =>
    wordChanges(wordsAt(old[key], keys), wordsAt(now[key], keys), now[key].pointer, path)
  return [
    ...at('info', 'info', ['title']),
    ...at('item', PATH, ['summary', 'description']),
    ...at('post', `POST ${PATH}`, ['tags', 'summary', 'description', 'operationId']),
  ]
}

function compareBodies(
  { body: old }: Operation,
  { body: now }: Operation,
  schemas: SchemaComparison,
): Change[] {
  const [before, after] = [old, now].map(({ isRequired }) => (isRequired ? 'required' : 'optional'))
  const { pointer } = now.place
  return [
    ...wordChanges(
      wordsAt(old.place, ['description']),
      wordsAt(now.place, ['description']),
      pointer,
      'request',
    ),
    ...difference(
      now.isRequired ? 'breaking' : 'compatible',
      `request-body-${after ?? ''}`,
      pointer,
      'request',
      { subject: 'field', before, after },
    ),
    ...compareJson(old, now, 'request', schemas),
  ]
}

/** The base URL of this package is its own: reported, never followed. */
function compareServers({ servers: old }: Operation, { servers: now, post }: Operation): Change[] {
  const [before, after] = [old, now].map(
    (list) => list && itemsOf(list).map((server) => member(server, 'url').value),
  )
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const what = { subject: 'servers', before, after }
  return [wireChange('docs', 'servers-changed', (now ?? post).pointer, 'servers', what)]
}
