// Why not every object of one shape is one of another.

import { everything, nameStep, pointerOf, valueOf, type Concern, type Question } from './gap.ts'
import { fits } from './literals.ts'
import { EMPTY, schemasOf } from './objects.ts'
import type { Branch, ObjectShape, Schema } from './shapes.ts'

/** Both sides and the question about them. */
interface Pair {
  readonly from: ObjectShape
  readonly to: ObjectShape
  readonly small: Branch
  readonly large: Branch
  readonly question: Question
}

/** The reasons, as lazily as they are asked for. */
export function* objectConcerns(small: Branch, large: Branch, question: Question): Generator<Concern> {
  if (large.object === undefined) return
  const pair: Pair = { from: small.object ?? EMPTY, to: large.object, small, large, question }
  const { from, to } = pair
  for (const [name, largeAt] of to.required) {
    if (from.required.has(name)) continue
    const [own, other] = [from.properties.get(name), to.properties.get(name)]
    const presence = own ? 'optional' : undefined
    yield {
      ...field(presence, 'required', own, other, name),
      largeAt: (other && pointerOf(other)) ?? largeAt,
    }
  }
  for (const name of new Set([...from.properties.keys(), ...to.properties.keys()]))
    yield* memberConcerns(pair, name)
  yield* patternConcerns(pair)
  yield* restConcerns(pair)
  yield* nameConcerns(pair)
  yield* dependentConcerns(pair)
}

/** True if a member of a name can be there. */
export function canHave(shape: ObjectShape, name: string, { isClosed, isNothing }: Question): boolean {
  const { schemas, isSure } = schemasOf(shape, name)
  if (schemas.some(isNothing) || isBarred(shape, name)) return false
  return !isSure || schemas.length > 0 || !(isClosed && shape.isNamed)
}

/** True if a member's name is none that an object may have. */
export function isBarred({ names }: ObjectShape, name: string): boolean {
  return names.some((schema) => fits(name, schema) === false)
}

/** True if no object fits both shapes. */
export function areDisjointObjects(a: Branch, b: Branch, question: Question): boolean {
  const [one, other] = [a.object ?? EMPTY, b.object ?? EMPTY]
  const needed = new Set([...one.required.keys(), ...other.required.keys()])
  const most = Math.min(...[a, b].map(({ limits }) => Number(limits.get('maxProperties')?.value ?? Infinity)))
  if (needed.size > most) return true
  const pairs = [...needed].map(
    (name) => [schemasOf(one, name).schemas, schemasOf(other, name).schemas] as const,
  )
  return pairs.some(
    ([mine, others]) =>
      mine.some((x) => others.some((y) => question.disjoint(x, y))) ||
      [...mine, ...others].some(question.isNothing),
  )
}

/** A member that one of the sides lists. */
function* memberConcerns(pair: Pair, name: string): Generator<Concern> {
  const { from, to, question } = pair
  const { included, isClosed, isNothing } = question
  const [own, other] = [from.properties.get(name), to.properties.get(name)]
  const step = nameStep(name)
  if ((own !== undefined && isNothing(own)) || (!from.required.has(name) && isFull(pair))) return
  if (isBarred(from, name)) return
  const sent = own ? [own] : sendable(pair, name)
  const expected = other ? { schemas: [other], isSure: true } : schemasOf(to, name)
  for (const schema of sent) {
    for (const large of expected.schemas) {
      if (included(schema, large)) continue
      if (isNothing(large)) {
        if (large !== to.rest || !isOpened(pair, large))
          yield field(presenceOf(from, name), undefined, own, undefined, name)
      } else yield { inner: [schema, large], step, isTag: from.required.has(name) && to.required.has(name) }
    }
  }
  // Who gives a name that is not listed any more is not heard; an object that lists none may have any.
  const isUnheard = isClosed && own !== undefined && other === undefined && to.isNamed
  if (isUnheard && expected.schemas.every((schema) => isAnything(schema, question)))
    yield field(presenceOf(from, name), undefined, own, undefined, name)
}

/** Schemas of what can be sent by a name that the smaller side does not list; empty if nobody sends it. */
function sendable({ from, to, question }: Pair, name: string): Schema[] {
  const { schemas, isSure } = schemasOf(from, name)
  const other = to.properties.get(name)
  const [all, ...parts] = schemas
  const both = all && parts.reduce((found, part) => found.reader.both(found, part) ?? found, all)
  if (both && isSure) return [both]
  if (!isSure && other) return [everything(other)]
  return question.isClosed && from.isNamed ? [] : other ? [everything(other)] : []
}

function* patternConcerns({ from, to, question }: Pair): Generator<Concern> {
  for (const [pattern, schema] of to.patterns) {
    const same = from.patterns.get(pattern)
    const sent = same ? [same] : [from.rest ?? everything(schema), ...from.patterns.values()]
    if (!sent.every((own) => question.included(own, schema)))
      yield changed('patternProperties', same, schema, pattern)
  }
  for (const [pattern, schema] of from.patterns) {
    if (to.patterns.has(pattern) || to.rest === undefined || isOpened({ question }, to.rest)) continue
    if (!question.included(schema, to.rest)) yield changed('patternProperties', schema, undefined, pattern)
  }
}

/** Members that neither side lists. */
function* restConcerns(pair: Pair): Generator<Concern> {
  const { from, to, large, small, question } = pair
  if (isFull(pair)) return
  if (to.rest === undefined || isOpened({ question }, to.rest)) return
  const own = from.rest ?? everything(to.rest)
  if (question.included(own, to.rest)) return
  if (from.rest && !question.isNothing(to.rest))
    yield { inner: [from.rest, to.rest], step: '[*]', isTag: false }
  else
    yield {
      keyword: 'additionalProperties',
      ...{ small: from.rest && valueOf(from.rest), large: valueOf(to.rest) },
      ...{
        smallAt: (from.rest && pointerOf(from.rest)) ?? small.pointer,
        largeAt: pointerOf(to.rest) ?? large.pointer,
      },
    }
}

function* nameConcerns({ from, to, question }: Pair): Generator<Concern> {
  for (const schema of to.names) {
    const listed = [...from.properties].filter(([, own]) => !question.isNothing(own)).map(([name]) => name)
    const isRest = from.rest === undefined || !question.isNothing(from.rest) || from.patterns.size > 0
    const isKept = !isRest || from.names.some((own) => question.included(own, schema))
    const areNamed =
      from.names.some((own) => question.included(own, schema)) ||
      listed.every((name) => question.fits(name, schema) === true)
    if (!isKept || !areNamed) yield changed('propertyNames', from.names[0], schema)
  }
}

function* dependentConcerns({ from, to, small, large, question }: Pair): Generator<Concern> {
  for (const [name, needs] of to.dependents) {
    if (!canHave(from, name, question)) continue
    const met = [...needs].every((need) => from.required.has(need) || from.dependents.get(name)?.has(need))
    if (met) continue
    const [was, is] = [from.dependents.get(name), needs].map((set) => set && { [name]: [...set] })
    yield {
      keyword: 'dependentRequired',
      small: was,
      large: is,
      smallAt: small.pointer,
      largeAt: large.pointer,
    }
  }
  for (const [name, schema] of to.dependentSchemas) {
    if (!canHave(from, name, question)) continue
    const own = from.dependentSchemas.filter(([other]) => other === name).map(([, one]) => asObject(one))
    if (own.some((one) => question.included(one, schema))) continue
    yield changed('dependentSchemas', undefined, schema, name)
  }
}

/** The part of a schema that concerns objects. */
function asObject(schema: Schema): Schema {
  const { reader } = schema
  return reader.both(schema, reader.schema({ value: OBJECT, pointer: pointerOf(schema) ?? '' })) ?? schema
}

const OBJECT = { type: 'object' }

/** True if there is room only for the required members. */
function isFull({ from, small }: Pair): boolean {
  return from.required.size >= Number(small.limits.get('maxProperties')?.value ?? Infinity)
}

/** True if nobody relies on the rejection of members. */
function isOpened({ question }: Pick<Pair, 'question'>, rest: Schema): boolean {
  return !question.isHeeded('additionalProperties') && rest.parts.some(({ value }) => value === false)
}

function isAnything(schema: Schema, { included }: Question): boolean {
  return included(everything(schema), schema)
}

/** Where a member is in an object: always, perhaps, or nowhere. */
function presenceOf({ properties, required }: ObjectShape, name: string): string | undefined {
  if (!properties.has(name)) return undefined
  return required.has(name) ? 'required' : 'optional'
}

function field(
  small: unknown,
  large: unknown,
  own: Schema | undefined,
  other: Schema | undefined,
  name: string,
): Concern & { inner?: never } {
  const [smallAt, largeAt] = [own && pointerOf(own), other && pointerOf(other)]
  return { keyword: 'field', small, large, smallAt, largeAt, step: nameStep(name) }
}

function changed(
  keyword: string,
  own: Schema | undefined,
  other: Schema | undefined,
  name?: string,
): Concern {
  const [small, large] = [own && valueOf(own), other && valueOf(other)]
  const [smallAt, largeAt] = [own && pointerOf(own), other && pointerOf(other)]
  return { keyword, small, large, smallAt, largeAt, ...(name === undefined ? {} : { step: nameStep(name) }) }
}
