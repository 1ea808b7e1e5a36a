import type { Field, Operation } from '../contract/operation.ts'
import { jsonIn } from '../contract/operation.ts'
import type { Change, DriftClass } from '../drift.ts'
import { isTrue, member, textOf } from '../lib/located.ts'
import { difference } from './changes.ts'
import { deprecation, presence, sideBySide } from './fields.ts'
import type { DocumentReader } from '../schema/normal-form.ts'
import type { SchemaComparison } from './schemas.ts'
import { wordChanges, wordsAt } from './words.ts'

/** The changes of the parameters of an operation. */
export function compareParameters(before: Operation, after: Operation, schemas: SchemaComparison): Change[] {
  return sideBySide(before.parameters, after.parameters).flatMap(([key, old, now]) => {
    const path = `parameter ${key}`
    const either = now ?? old
    if (either === undefined) return []
    return [
      ...presences(old, now, either, path),
      ...(old && now ? compareParameter(old, now, path, schemas) : []),
    ]
  })
}

function presences(old: Field | undefined, now: Field | undefined, either: Field, path: string): Change[] {
  const [was, is] = [presence(old), presence(now)]
  // Calls without it are rejected, or who sends it is not heard.
  const name: DriftClass = is === 'optional' ? 'compatible' : 'breaking'
  const move = was === undefined ? 'added' : (is ?? 'removed')
  const what = { subject: 'field', before: was, after: is }
  return difference(name, `parameter-${move}`, either.place.pointer, path, what)
}

function compareParameter(old: Field, now: Field, path: string, schemas: SchemaComparison): Change[] {
  const keys = ['description', 'example', 'examples']
  return [
    ...wordChanges(wordsAt(old.place, keys), wordsAt(now.place, keys), now.place.pointer, path),
    ...deprecation(old.place, now.place, path),
    ...compareStyles(old, now, path, schemas.readers),
    ...schemas.compare(old.schema, now.schema, path, !(old.isRequired && now.isRequired)),
  ]
}

function compareStyles(
  old: Field,
  now: Field,
  path: string,
  [from, to]: readonly [DocumentReader, DocumentReader],
): Change[] {
  const types = new Set([...typesIn(old, from), ...typesIn(now, to)])
  const [before, after] = [styleOf(old, types), styleOf(now, types)]
  const [was, is] = [old, now].map(({ place }) => isTrue(member(place, 'allowEmptyValue')))
  const [style, empty] = [
    { subject: 'style', before, after },
    { subject: 'allowEmptyValue', before: was, after: is },
  ]
  const { pointer } = now.place
  return [
    ...difference('breaking', 'parameter-style-changed', pointer, path, style),
    ...difference(is ? 'compatible' : 'breaking', 'parameter-empty-value-changed', pointer, path, empty),
  ]
}

function typesIn({ schema }: Field, reader: DocumentReader): string[] {
  return reader.branches(reader.schema(schema)).map(({ type }) => type)
}

/** The way a value becomes text, defaults filled in (OpenAPI 3.1, 4.8.12), as far as its types make a difference. */
function styleOf(field: Field, types: ReadonlySet<string>): string {
  const { place } = field
  if (jsonIn(place)) return 'JSON'
  const where = textOf(member(place, 'in'))
  const style =
    textOf(member(place, 'style')) || (where === 'query' || where === 'cookie' ? 'form' : 'simple')
  const explode = member(place, 'explode').value ?? style === 'form'
  // What is written as simple has its items between commas either way, and only members otherwise.
  const isExploded = explode === true && style !== 'deepObject' && (style !== 'simple' || types.has('object'))
  const hasParts = types.has('array') || types.has('object')
  const spelled = where === 'query' && !hasParts ? 'text' : style
  const flags = [
    ...(hasParts && isExploded ? ['exploded'] : []),
    ...(isTrue(member(place, 'allowReserved')) ? ['allowReserved'] : []),
  ]
  return [spelled, ...flags].join(' ')
}
