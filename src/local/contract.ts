import { Ajv2020, type Options } from 'ajv/dist/2020.js'
import type { RerankRequest } from '../index.ts'
import { describeFaults, type Fault, type Place } from './faults.ts'
import { withReadablePatterns } from './patterns.ts'
import { Refusal } from './refusal.ts'

/** The operation that is checked. */
export const RERANK_PATH = '/v1/rerank'

/** As much of an OpenAPI document as is named here; schemas are found by their place, never by their name. */
export type OpenApi = Record<string, unknown> & {
  paths: { [RERANK_PATH]: { post: { parameters?: readonly Parameter[] } } }
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema?: unknown
}

/** A request that keeps the contract. */
export interface ValidRequest extends Pick<RerankRequest, 'query' | 'documents'> {
  model: string
}

/**
 * Compiles the contract's schemas into the check of a request; patterns that JavaScript can't read are not checked.
 * @returns a function that gives back a valid body, and throws a 422 {@link Refusal} that lists every issue of
 * any other.
 */
export function compileContract(pinned: OpenApi): (body: unknown, query: URLSearchParams) => ValidRequest {
  const contract = withReadablePatterns(pinned)
  const body = compile<ValidRequest>(contract, {
    $ref: `${OPERATION}/requestBody/content/application~1json/schema`,
  })
  const query = compile<object>(contract, querySchema(contract), { coerceTypes: true })
  return (value, parameters) => {
    const faults = query.faults(Object.fromEntries(parameters), 'query')
    if (faults.length === 0 && body.accepts(value)) return value
    throw new Refusal(422, [...faults, ...body.faults(value, 'body')])
  }
}

const OPERATION = `contract#/paths/${RERANK_PATH.replaceAll('/', '~1')}/post`

/** Query parameters, as the object that they amount to. */
function querySchema({ paths }: OpenApi): object {
  const parameters = (paths[RERANK_PATH].post.parameters ?? []).map((parameter, index) => ({
    ...parameter,
    // One that is described by a `content`, or not at all, is text of any kind.
    schema: parameter.schema === undefined || { $ref: `${OPERATION}/parameters/${index}/schema` },
  }))
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  return {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required: inQuery.filter(({ required }) => required).map(({ name }) => name),
  }
}

interface Check<Valid> {
  accepts: (value: unknown) => value is Valid
  faults: (value: unknown, place: Place) => Fault[]
}

/** The first issue decides, and is found fast; all are looked for when there is one, in a value that is not huge. */
function compile<Valid>(contract: OpenApi, schema: object, options: Options = {}): Check<Valid> {
  const shared = {
    ...options,
    strict: false,
    validateFormats: false,
    validateSchema: false,
    verbose: true,
  } as const
  const compileFor = (allErrors: boolean) =>
    new Ajv2020({ ...shared, allErrors }).addSchema(contract, 'contract').compile<Valid>(schema)
  const first = compileFor(false)
  const every = compileFor(true)
  return {
    accepts: (value) => first(value),
    faults: (value, place) => {
      const validate = hasAtMost(MOST_VALUES, value) ? every : first
      return validate(value) ? [] : describeFaults(validate.errors ?? [], value, place)
    },
  }
}

/** With an issue for each of its values, a body of some megabytes would fill the memory. */
const MOST_VALUES = 100_000

function hasAtMost(limit: number, value: unknown): boolean {
  let count = 0
  const rest = [value]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next !== 'object' || next === null) continue
    const children: unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += children.length
    if (count > limit) return false
    for (const child of children) rest.push(child)
  }
  return true
}
