/** The content of a schema's keyword: a schema, a list of schemas, or schemas by name. */
export type Holds = 'schema' | 'list' | 'map'

/** The keywords that hold schemas; all others hold data. */
export const HOLDS: Readonly<Record<string, Holds | undefined>> = {
  allOf: 'list',
  anyOf: 'list',
  oneOf: 'list',
  prefixItems: 'list',
  properties: 'map',
  patternProperties: 'map',
  dependentSchemas: 'map',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  propertyNames: 'schema',
  items: 'schema',
  unevaluatedItems: 'schema',
  contains: 'schema',
  contentSchema: 'schema',
  not: 'schema',
  if: 'schema',
  then: 'schema',
  else: 'schema',
}

/** A schema in which those that it holds are replaced; what is not an object stays what it is. */
export function mapSchemas(
  schema: Readonly<Record<string, unknown>>,
  replace: (inner: unknown) => unknown,
): Record<string, unknown> {
  const held = (key: string, value: unknown): unknown => {
    const holds = HOLDS[key]
    if (holds === 'schema') return replace(value)
    if (holds === 'list' && Array.isArray(value)) return value.map(replace)
    if (holds !== 'map' || typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]))
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, held(key, value)]))
}
