// Ajv as an oracle: whatever it accepted before and refuses now has to be called breaking.

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { worst, type Change, type DriftClass } from '../../scripts/spec/drift.ts'
import { schemaComparison } from '../../scripts/spec/diff/schemas.ts'
import type { Direction } from '../../scripts/spec/schema/own-keywords.ts'
import { COMPONENTS as RULES } from '../../scripts/spec/contract/vocabulary.ts'
import type { Style } from '../../scripts/spec/contract/rules.ts'
import type { Located } from '../../scripts/spec/lib/located.ts'
import { tries } from '../helpers/effort.ts'
import { candidates } from './candidates.ts'
import { changes, respelled } from './random-changes.ts'
import { COMPONENTS, schemas, VALUES } from './random-schemas.ts'
import { standard, withoutFlags, type Side } from './standard.ts'
import type { Schema } from './vocabulary.ts'

/** Pairs of schemas in all. */
const PAIRS = tries(1_250)
const SEED = Number(process.env['FC_SEED'] ?? 20_260_506)
const PATIENCE = 60_000 + PAIRS * 200

const ajv = new Ajv2020({
  strict: false,
  validateSchema: false,
  logger: false,
  messages: false,
  multipleOfPrecision: 6,
  code: { optimize: false },
})

// OpenAPI's keywords are told in JSON Schema's own words.
const TEXTS = { uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, date: /^\d{4}-\d\d-\d\d$/, password: /^/ }
for (const [name, format] of Object.entries(TEXTS)) ajv.addFormat(name, format)
ajv.addFormat('uint8', { type: 'number', validate: (value: number) => value >= 0 && value <= 255 })
for (const [name, range] of Object.entries({
  int32: 2 ** 31,
  int64: Infinity,
  float: Infinity,
  double: Infinity,
}))
  ajv.addFormat(name, { type: 'number', validate: (value: number) => value >= -range && value < range })

/** A pair of schemas, what became of values, and what we say of it. */
interface Judged {
  readonly old: Schema
  readonly now: Schema
  /** A value that only the side accepts from which values come. */
  readonly lost: unknown
  readonly gained: unknown
  readonly class: DriftClass
  readonly changes: readonly Change[]
}

const STYLE: Style = { readable: true, samples: true, words: (text) => text, sample: (value) => value }
ajv.addSchema({ $id: 'components', $defs: local(COMPONENTS) })
const NOTHING = Symbol('no value')

function judged(direction: Direction, pairs: number, depth: number): Judged[] {
  const vocabulary = { hasSizes: direction === 'request', hasLogic: true }
  return fc.sample(changes(vocabulary, depth), { numRuns: pairs, seed: SEED }).map((pair) => {
    const text = JSON.stringify(pair)
    // What does not travel is neither excluded nor counted, so that sides would mix.
    const spelled = MIXED.test(text) ? withoutFlags : (schema: Schema): Schema => schema
    const [old, now] = [spelled(pair[0]), spelled(pair[1])]
    // Ajv takes an empty list for one that contains something, beside prefixItems.
    const isUnsure = text.includes('"contains"')
    const near = [old, now].flatMap((schema) => candidates(standard(schema, direction, 'taken')))
    const values = [...VALUES, ...near].filter((value) => !isUnsure || !JSON.stringify(value).includes('[]'))
    const [was, is] = [sidesOf(old, direction), sidesOf(now, direction)]
    const [from, to] = direction === 'request' ? [was, is] : [is, was]
    const found = compared(old, now, direction)
    const [lost, gained] = parted(values, from, to)
    return { old, now, lost, gained, class: classOf(found), changes: found }
  })
}

const MIXED = /"(?:oneOf|not|if|contains|unevaluatedProperties|dependentSchemas)":/

describe.each(['request', 'response'] as const)('in a %s', (direction) => {
  const pairs = Math.ceil(PAIRS * (direction === 'request' ? 0.5 : 0.2))

  it('a value that is lost breaks callers, and one that is gained is told', { timeout: PATIENCE }, () => {
    const all = judged(direction, pairs, 2)
    const missed = all.filter((one) => one.lost !== NOTHING && one.class !== 'breaking')
    const untold = all.filter(
      (one) => one.gained !== NOTHING && one.class !== 'breaking' && one.class !== 'compatible',
    )
    // As text that can be tried again.
    expect([...missed, ...untold].map((one) => JSON.stringify(one))).toEqual([])
    // The pairs are not all alike.
    expect(all.filter((one) => one.lost !== NOTHING).length).toBeGreaterThan(pairs / 10)
    expect(all.filter((one) => one.lost === NOTHING).length).toBeGreaterThan(pairs / 10)
    expect(all.flatMap((one) => one.changes).filter(({ path }) => !path.startsWith('x'))).toEqual([])
  })
})

it('hardly ever is a change called breaking for which no value is found', { timeout: PATIENCE }, () => {
  const pairs = Math.ceil(PAIRS * 0.65)
  // Who gives a name that is listed no more is not heard, though it is accepted.
  const isUnheard = ({ kind }: Change): boolean => kind === 'request-field-removed'
  const overcalls = judged('request', pairs, 1).filter(
    (one) =>
      one.lost === NOTHING && one.changes.some((change) => change.class === 'breaking' && !isUnheard(change)),
  )
  expect(overcalls.length / pairs).toBeLessThanOrEqual(0.02)
})

it('the same in other words is no change', { timeout: PATIENCE }, () => {
  const some = fc.sample(schemas({ hasSizes: true, hasLogic: true }), {
    numRuns: Math.ceil(PAIRS * 0.1),
    seed: SEED,
  })
  const found = some.map((schema, index) => ({
    schema,
    changes: compared(schema, respelled(schema, index), 'request'),
  }))
  expect(found.filter(({ changes }) => changes.length > 0)).toEqual([])
})

type Validator = (value: unknown) => boolean
type Sides = Readonly<Record<Side, Validator>>

/** The first value that the first side sends and the second does not take, and the first of which it is the other way. */
function parted(values: readonly unknown[], from: Sides, to: Sides): [lost: unknown, gained: unknown] {
  let [lost, gained]: [unknown, unknown] = [NOTHING, NOTHING]
  const before = verdictsOf(from)
  const after = verdictsOf(to)
  for (const value of values) {
    const [was, is] = [before(value), after(value)]
    if (lost === NOTHING && was.sent && !is.taken) lost = value
    if (gained === NOTHING && is.sent && !was.taken) gained = value
    if (lost !== NOTHING && gained !== NOTHING) break
  }
  return [lost, gained]
}

/** A side's verdicts, of which each value is asked for once where what is sent is what is taken. */
function verdictsOf({ sent, taken }: Sides): (value: unknown) => Record<Side, boolean> {
  return (value) => {
    const isTaken = taken(value)
    return { taken: isTaken, sent: sent === taken ? isTaken : sent(value) }
  }
}

function sidesOf(schema: Schema, direction: Direction): Sides {
  const taken = validator(schema, direction, 'taken')
  const isSame = !/"(?:read|write)Only":/.test(JSON.stringify(schema))
  return { taken, sent: isSame ? taken : validator(schema, direction, 'sent') }
}

function validator(schema: Schema, direction: Direction, side: Side): Validator {
  return ajv.compile(local(standard(schema, direction, side)) as object) as Validator
}

/** A schema with references to the components that Ajv knows, of which none says what travels. */
function local(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', 'components#/$defs/'))
}

function compared(old: Schema, now: Schema, direction: Direction): Change[] {
  const documents = [old, now].map((schema) => ({ components: { schemas: { ...COMPONENTS, X: schema } } }))
  const [from, to] = documents.map(read)
  if (!from || !to) throw new Error('there are two documents')
  return schemaComparison(documents[0], documents[1], direction).compare(from, to, 'x')
}

/** The schema of a document as a contract has it. */
function read(document: { components: { schemas: { X: Schema } } }): Located {
  const place = {
    pointer: '#/components/schemas/X',
    level: 0,
    document,
    style: STYLE,
    follow: () => undefined,
  }
  const value = RULES.schemas(document.components.schemas.X, place)
  // Two of them are never the same object.
  return { value: structuredClone(value), pointer: place.pointer }
}

function classOf(found: readonly Change[]): DriftClass {
  return worst(found.map((change) => change.class))
}
