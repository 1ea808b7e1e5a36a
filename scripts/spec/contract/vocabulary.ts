import { byCodeUnit, isObject, valueAt, type Json } from '../lib/json.ts'
import { described, inOneCase, withPathParameters } from './parameters.ts'
import { edition, withNullType, withNumericLimits, withPrefixItems } from './modern.ts'
import {
  isReference,
  referenceOr,
  reference,
  schemaTarget,
  noteSecurityScheme,
  siblingsAreIgnored,
  inlined,
} from './references.ts'
import {
  atMost,
  count,
  data,
  example,
  fallback,
  flag,
  flagOr,
  inOrder,
  inside,
  list,
  mapOf,
  notEmpty,
  numeric,
  object,
  oneOrMany,
  readable,
  refuse,
  samples,
  textMap,
  unordered,
  type ComponentKind,
  type ObjectRule,
  type Place,
  type Rule,
  type Table,
} from './rules.ts'
import { endpointIn, isJson, JSON_MEDIA_TYPE, PATH, pathItemIn, refuseMissing } from './endpoint.ts'
import { headerLine, label, line, matching, oneOf, shown, text, words } from './text-rules.ts'

const RESPONSE_STATUS = /^(?:[1-5](?:\d\d|XX)|default)$/
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const

const [name, url] = [line(200), line(2_000)]
const [schemas, schemaMap] = [list(schema), mapOf(schema)]
const names = unordered(text)
const type = oneOf(...TYPES)

/**
 * JSON Schema 2020-12 without the keywords that move references, and what OpenAPI adds to it. `$defs` is absent
 * because what is referred to in there becomes a component, `xml` and `externalDocs` because the SDK has no use
 * for them.
 */
export const SCHEMA: Table = {
  $ref: reference('schemas'),
  title: words,
  description: words,
  deprecated: flag,
  readOnly: flag,
  writeOnly: flag,
  type: oneOrMany(type, notEmpty(unordered(type))),
  nullable: flag,
  format: shown(line(100)),
  enum: notEmpty(unordered(data)),
  const: data,
  default: fallback,
  example,
  examples: samples(oneOrMany(example, list(example))),
  multipleOf: numeric,
  minimum: numeric,
  exclusiveMinimum: flagOr(numeric),
  maximum: numeric,
  exclusiveMaximum: flagOr(numeric),
  minLength: count,
  maxLength: count,
  pattern: text, // FastAPI writes Python's regular expressions, which JavaScript reads in part alone
  contentEncoding: line(100),
  contentMediaType: line(100),
  contentSchema: schema,
  items: oneOrMany(schema, schemas),
  additionalItems: schema,
  prefixItems: schemas,
  contains: schema,
  unevaluatedItems: schema,
  minItems: count,
  maxItems: count,
  minContains: count,
  maxContains: count,
  uniqueItems: flag,
  properties: schemaMap,
  patternProperties: schemaMap,
  additionalProperties: schema,
  propertyNames: schema,
  unevaluatedProperties: schema,
  required: (value, place) => (typeof value === 'boolean' ? undefined : names(value, place)), // a flag, once
  dependentRequired: mapOf(names),
  dependentSchemas: schemaMap,
  minProperties: count,
  maxProperties: count,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: schema,
  if: schema,
  then: schema,
  else: schema,
  discriminator: object({ propertyName: text, mapping: textMap(schemaTarget) }, ['propertyName']),
}
const wholeSchema = object(SCHEMA)

const EXAMPLE: Table = { summary: words, description: words, value: example }
const EXAMPLES = samples(mapOf(referenceOr('examples', object(EXAMPLE))))

const mediaType = object({ schema, example, examples: EXAMPLES })

// Headers and parameters share most of their keys (OpenAPI 3.1, 4.8.12 and 4.8.21).
const HEADER: Table = {
  description: words,
  required: flag,
  deprecated: flag,
  allowEmptyValue: flag,
  style: name,
  explode: flag,
  allowReserved: flag,
  schema,
  content: jsonContent,
  example,
  examples: EXAMPLES,
}

const PARAMETER: Table = { name: text, in: oneOf('query', 'header', 'path', 'cookie'), ...HEADER }

const REQUEST_BODY: Table = { description: words, required: flag, content: jsonContent }

const header = referenceOr('headers', object(HEADER))
const parameter = inOneCase(object(PARAMETER, ['name', 'in']))
const parameters = described(atMost(100, unordered(inlined('parameters', parameter, PARAMETER))))
const requestBody = inlined('requestBodies', object(REQUEST_BODY, ['content']), REQUEST_BODY)

// `links` is left out: the SDK follows none.
const RESPONSE: Table = {
  description: words,
  headers: mapOf(header, /^(?!content-type$)/i),
  content: jsonContent,
}
const response = inlined('responses', object(RESPONSE), RESPONSE)

const flow = object({ authorizationUrl: url, tokenUrl: url, refreshUrl: url, scopes: textMap(words) })

const SECURITY_SCHEME: Table = {
  type: oneOf('apiKey', 'http', 'mutualTLS', 'oauth2', 'openIdConnect'),
  description: words,
  name,
  in: oneOf('query', 'header', 'cookie'),
  scheme: name,
  bearerFormat: name,
  flows: object({ implicit: flow, password: flow, clientCredentials: flow, authorizationCode: flow }),
  openIdConnectUrl: url,
}

const servers = list(readable(object({ url }, ['url'])))

// `callbacks` and `externalDocs` are left out: the SDK exposes neither.
const OPERATION: Table = {
  tags: readable(unordered(words)),
  summary: words,
  description: words,
  operationId: readable(matching(/^[\w.-]{1,200}$/, 'an identifier of letters, digits, _ . -')),
  deprecated: flag,
  parameters,
  requestBody,
  responses: mapOf(response, RESPONSE_STATUS),
  security,
  servers,
}

const PATH_ITEM: Table = {
  summary: words,
  description: words,
  parameters,
  servers,
  post: object(OPERATION, ['requestBody', 'responses']),
}

const wholePathItem = object(PATH_ITEM, ['post'])
const pathItem: ObjectRule = (value, place) =>
  withPathParameters(wholePathItem(value, place), OPERATION, place)

/** The document as far as it concerns the operation; the components follow from the references in it. */
export const DOCUMENT: ObjectRule = object(
  {
    openapi: edition,
    info: object({ title: label(200), version: headerLine(100) }, ['title', 'version']),
    servers,
    // An operation's own security replaces the document's.
    security: (value, place) =>
      valueAt(endpointIn(place.document)?.value, 'security') === undefined
        ? security(value, place)
        : undefined,
    paths: (value, place) => {
      const item = pathItemIn(place.document)
      if (item === undefined) return refuseMissing(value, place)
      return {
        [PATH]: pathItem(item.value, {
          ...place,
          pointer: item.pointer,
          level: item.pointer.split('/').length - 1,
        }),
      }
    },
  },
  ['openapi', 'info', 'paths'],
)

/** The rules that rebuild the components of each kind, in canonical order. */
export const COMPONENTS: Readonly<Record<ComponentKind, Rule>> = {
  schemas: schema,
  examples: referenceOr('examples', object(EXAMPLE)),
  headers: header,
  securitySchemes: referenceOr('securitySchemes', object(SECURITY_SCHEME, ['type'])),
}

/** A schema as OpenAPI 3.1 writes it; in 3.0 nothing beside a `$ref` counts. */
function schema(value: unknown, place: Place): Json | undefined {
  if (typeof value === 'boolean') return value
  if (isReference(value) && siblingsAreIgnored(place))
    return object({ $ref: reference('schemas') })(value, place)
  const written = withPrefixItems(withNumericLimits(wholeSchema(value, place)))
  return inOrder(SCHEMA, withNullType(inOrder(SCHEMA, written)))
}

/** The JSON branch of a `content` map, whatever its parameters and case; the SDK speaks nothing else. */
function jsonContent(value: unknown, place: Place): Json | undefined {
  if (!isObject(value)) refuse(place, 'is not an object')
  const spellings = Object.keys(value).filter(isJson).sort(byCodeUnit)
  const chosen = spellings.find((spelling) => spelling === JSON_MEDIA_TYPE) ?? spellings[0]
  if (chosen === undefined) return undefined
  return { [JSON_MEDIA_TYPE]: mediaType(value[chosen], inside(place, chosen)) }
}

/** Alternatives of security schemes, each scheme with its scopes. */
function security(value: unknown, place: Place): Json | undefined {
  return list((requirement, at) => {
    const schemes = mapOf(names)(requirement, at)
    for (const scheme of Object.keys(schemes)) noteSecurityScheme(scheme, at)
    return schemes
  })(value, place)
}
