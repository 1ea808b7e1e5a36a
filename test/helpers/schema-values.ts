import fc from 'fast-check'

/** As much of a JSON schema as a contract uses to say which values it admits. */
export interface Schema {
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
}

/** Values that a schema admits; its `$ref`s lead into the document. */
export function valuesOf(schema: Schema, document: object): fc.Arbitrary<unknown> {
  const { $ref, allOf, anyOf, oneOf, type, ...own } = schema
  if ($ref !== undefined) return valuesOf(resolve($ref, document), document)
  if (allOf) return valuesOf(merge([own, ...allOf.map((part) => dereferenced(part, document))]), document)
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = anyOf ?? oneOf ?? (Array.isArray(type) ? types(type, own) : undefined)
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, document)))
  const make = BY_TYPE[String(type)]
  return make ? make(schema, document) : fc.jsonValue()
}

/** A schema itself, if it is but a reference to one in the document. */
export function dereferenced(schema: Schema, document: object): Schema {
  return schema.$ref === undefined ? schema : dereferenced(resolve(schema.$ref, document), document)
}

const BY_TYPE: Readonly<Record<string, (schema: Schema, document: object) => fc.Arbitrary<unknown>>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: (schema) => fc.integer(range(schema)),
  number: (schema) => fc.double({ ...range(schema), noNaN: true, noDefaultInfinity: true }),
  string: ({ pattern, ...schema }) =>
    pattern === undefined
      ? fc.string({ ...lengths(schema.minLength, schema.maxLength), unit: CHARACTERS })
      : fc.stringMatching(new RegExp(pattern, 'u')),
  array: ({ items = {}, minItems, maxItems }, document) =>
    fc.array(valuesOf(items, document), lengths(minItems, maxItems)),
  object: ({ properties = {}, required = [], additionalProperties = true }, document) => {
    const known = Object.entries(properties).map(([name, each]) => [name, valuesOf(each, document)])
    const record: fc.Arbitrary<object> = fc.record(
      Object.fromEntries(known) as Record<string, fc.Arbitrary<unknown>>,
      { requiredKeys: [...required] },
    )
    if (additionalProperties === false) return record
    const more = additionalProperties === true ? fc.jsonValue() : valuesOf(additionalProperties, document)
    const rest = fc.dictionary(fc.string(), more, { maxKeys: 2 })
    return fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, rest), record).map(together)
  },
}

/** Whatever a string can hold: words, other scripts, signs of two code units, and halves of such signs. */
const CHARACTERS = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', ' ', 'capital ', 'France ', 'Paris ') },
  { weight: 2, arbitrary: fc.nat(0x10_ff_ff).map((point) => String.fromCodePoint(point)) },
  fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit)),
)

/** The own properties of both, also of one that is called `__proto__`. */
function together([extra, known]: readonly [object, object]): object {
  return Object.fromEntries([...Object.entries(extra), ...Object.entries(known)])
}

function range({ minimum, maximum }: Schema): { min?: number; max?: number } {
  return { ...(minimum !== undefined && { min: minimum }), ...(maximum !== undefined && { max: maximum }) }
}

function lengths(least = 0, most?: number): { minLength: number; maxLength?: number } {
  return { minLength: least, ...(most !== undefined && { maxLength: most }) }
}

function types(names: readonly string[], rest: Schema): Schema[] {
  return names.map((type) => ({ ...rest, type }))
}

/** Holds for schemas that say different things, as those of FastAPI do. */
function merge(schemas: readonly Schema[]): Schema {
  return schemas.reduce((whole, part) => ({
    ...whole,
    ...part,
    properties: { ...whole.properties, ...part.properties },
    required: [...(whole.required ?? []), ...(part.required ?? [])],
  }))
}

function resolve($ref: string, document: object): Schema {
  const names = $ref.split('/').slice(1)
  return names.reduce<object>((at, name) => Reflect.get(at, unescaped(name)) as object, document)
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}
