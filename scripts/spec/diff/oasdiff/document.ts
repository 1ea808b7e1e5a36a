// The contract as oasdiff compares it: what schemas say, written one way, without words and without references but
// where a schema holds itself. Security and servers are left to our own tables, which see more of them.

import { PATH, type Contract } from '../../contract/index.ts'
import { PipelineError } from '../../lib/failure.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isNull, type Branch } from '../meaning/kinds.ts'
import { isTrue, jsonOf, resolved, schemaOf, member, members, type Located } from '../meaning/located.ts'
import { readerOf, type Meaning, type Reader } from '../meaning/meaning.ts'
import { BOUND_NAMES, boundNamed, boundOf, writtenBound } from '../tables/bounds.ts'
import { parametersOf } from '../tables/parameters.ts'
import { KEYWORDS } from '../tables/verdicts.ts'

const MAX_SCHEMAS = 50_000

/** A contract, and the one that takes its place. */
export type Pair = readonly [before: Contract, after: Contract]

/**
 * The operations of pairs of contracts as two documents for oasdiff, with further paths beside them. What is a choice
 * in one edition is written as a choice in both: oasdiff takes the two spellings for different things.
 */
export function wireDocuments(
  pairs: readonly Pair[],
  furtherPaths: readonly [before: JsonObject, after: JsonObject],
): [JsonObject, JsonObject] {
  const operations = pairs.map(([before, after], index) => {
    const choices = new Set<string>()
    const write = (contract: Contract): Operation => operationOf(contract, index, choices)
    for (const contract of [before, after]) write(contract)
    return [write(before), write(after)] as const
  })
  const [old, now] = furtherPaths
  return [
    documentOf(
      operations.map(([before]) => before),
      old,
    ),
    documentOf(
      operations.map(([, after]) => after),
      now,
    ),
  ]
}

/** Where the operation of a pair stands in the documents. */
export function wirePath(index: number): string {
  return `/${index}${PATH}`
}

interface Operation {
  readonly path: string
  readonly post: JsonObject
  readonly schemas: JsonObject
}

function documentOf(operations: readonly Operation[], furtherPaths: JsonObject): JsonObject {
  const paths = Object.fromEntries(operations.map(({ path, post }) => [path, { post }]))
  const schemas = Object.fromEntries(operations.flatMap((operation) => Object.entries(operation.schemas)))
  return {
    openapi: '3.1.0',
    info: { title: 'contract', version: '1' },
    paths: { ...paths, ...furtherPaths },
    components: { schemas },
  }
}

function operationOf(contract: Contract, index: number, choices: Set<string>): Operation {
  const reader = readerOf(contract)
  const writer = schemaWriter(reader, choices, `Recursive${index}x`)
  const post = member(member(member({ value: contract, pointer: '#' }, 'paths'), PATH), 'post')
  const parameters = [...parametersOf({ reader, post })]
  const written = {
    operationId: `rerank${index}`,
    parameters: parameters.map(([name, place]) => parameter(place, name, writer)),
    requestBody: body(resolved(member(post, 'requestBody'), reader), writer),
    responses: responses(member(post, 'responses'), reader, writer),
  }
  return { path: wirePath(index), post: written, schemas: writer.components }
}

/** Writes a schema; the path tells where it stands, alike in both documents. */
type Write = (schema: Located, path: string) => Json

interface SchemaWriter {
  readonly write: Write
  readonly components: Record<string, Json>
}

function schemaWriter(reader: Reader, choices: Set<string>, prefix: string): SchemaWriter {
  const components: Record<string, Json> = {}
  const names = new Map<Meaning, string>()
  const open = new Set<Meaning>()
  let left = MAX_SCHEMAS

  const write = (schema: Located, path: string): Json => {
    if (left-- <= 0) throw new PipelineError('the schemas are too involved to be compared')
    const meaning = reader.read(schema)
    if (open.has(meaning)) {
      const name = names.get(meaning) ?? `${prefix}${names.size + 1}`
      names.set(meaning, name)
      return { $ref: `#/components/schemas/${name}` }
    }
    open.add(meaning)
    if (meaning.branches.filter((branch) => !isNull(branch)).length > 1) choices.add(path)
    const written = schemaOfMeaning(meaning, choices.has(path), path, write)
    open.delete(meaning)
    const name = names.get(meaning)
    if (name === undefined) return written
    components[name] = written
    return { $ref: `#/components/schemas/${name}` }
  }
  return { write, components }
}

function schemaOfMeaning(
  { branches, exclusive, notes }: Meaning,
  isChoice: boolean,
  path: string,
  write: Write,
): JsonObject {
  const real = branches.filter((branch) => !isNull(branch))
  const kinds = real.map((branch, index) => schemaOfBranch(branch, `${path} ${index}`, write))
  const said = Object.fromEntries(
    ['default', 'deprecated', 'readOnly', 'writeOnly'].flatMap((key) => {
      const note = notes.get(key)?.value
      return note === undefined ? [] : [[key, jsonValue(note)]]
    }),
  )
  const nullable = branches.some(isNull) ? { nullable: true } : {}
  const [only] = kinds
  if (only === undefined) return { ...said, ...(branches.length === 0 ? { not: {} } : { type: 'null' }) }
  if (!isChoice) return { ...only, ...said, ...nullable }
  return { ...said, ...nullable, [exclusive ? 'oneOf' : 'anyOf']: kinds }
}

function schemaOfBranch(branch: Branch, path: string, write: Write): JsonObject {
  const { keywords, properties } = branch
  const plain = [...keywords].filter(([key]) => boundNamed(key) === undefined)
  const written = plain.map(
    ([key, located]) => [key, keyword(key, located, `${path}/${key}`, write)] as const,
  )
  const bounds = BOUND_NAMES.flatMap((name) => {
    const bound = boundOf(branch, name)
    return bound === undefined ? [] : [writtenBound(bound, name)]
  })
  const inner = [...properties].map(([name, schema]) => [name, write(schema, `${path}.${name}`)] as const)
  return {
    ...Object.fromEntries([...written, ...bounds]),
    ...(inner.length === 0 ? {} : { properties: Object.fromEntries(inner) }),
  }
}

function keyword(key: string, located: Located, path: string, write: Write): Json {
  switch (KEYWORDS[key]?.[0]) {
    case 'schema':
    case 'condition':
      return write(located, path)
    case 'parts':
    case 'choice':
    case 'tuple':
      return members(located).map((part, index) => write(part, `${path}[${index}]`))
    case 'map':
      return Object.fromEntries(
        namesOf(located).map((name) => [name, write(member(located, name), `${path}.${name}`)]),
      )
    default:
      return jsonValue(located.value)
  }
}

function parameter(place: Located, path: string, { write }: SchemaWriter): JsonObject {
  const [name, where] = ['name', 'in'].map((key) => jsonValue(member(place, key).value))
  return {
    name: name ?? null,
    in: where ?? null,
    required: isTrue(member(place, 'required')),
    schema: write(schemaOf(place), path),
  }
}

function body(place: Located, { write }: SchemaWriter): JsonObject {
  return { required: isTrue(member(place, 'required')), content: json(place, 'request', write) }
}

function responses(map: Located, reader: Reader, { write }: SchemaWriter): JsonObject {
  return Object.fromEntries(
    namesOf(map).map((status) => {
      const response = resolved(member(map, status), reader)
      const headers = member(response, 'headers')
      const written = namesOf(headers).map((name) => {
        const header = resolved(member(headers, name), reader)
        const schema = write(schemaOf(header), `${status} ${name}`)
        return [name.toLowerCase(), { required: isTrue(member(header, 'required')), schema }] as const
      })
      const content = jsonOf(response).value === undefined ? {} : { content: json(response, status, write) }
      return [status, { description: '', headers: Object.fromEntries(written), ...content }]
    }),
  )
}

function json(place: Located, path: string, write: Write): JsonObject {
  return { 'application/json': { schema: write(member(jsonOf(place), 'schema'), path) } }
}

function namesOf({ value }: Located): string[] {
  return isObject(value) ? Object.keys(value) : []
}

/** A value of a contract, which is JSON as it is. */
function jsonValue(value: unknown): Json {
  if (Array.isArray(value)) return value.map(jsonValue)
  if (isObject(value))
    return Object.fromEntries(Object.keys(value).map((key) => [key, jsonValue(value[key])]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
