import type { ErrorObject } from 'ajv/dist/2020.js'

/** The words for an issue: pydantic's type, its message, and the values in it by name. */
export type Words = readonly [type: string, msg: string, ctx?: Readonly<Record<string, unknown>>]

/** Words what ajv found as pydantic would. */
export function wordsFor(error: ErrorObject): Words {
  return (WORDING[error.keyword] ?? otherRule)(error)
}

/** From ajv's keyword to pydantic's type, message and context. */
const WORDING: Readonly<Record<string, (error: ErrorObject) => Words>> = {
  required: () => ['missing', 'Field required'],
  additionalProperties: () => ['extra_forbidden', 'Extra inputs are not permitted'],
  type: ({ params, data }) => typeWords(params['type'], data),
  enum: ({ params }) => listWords('enum', params['allowedValues']),
  const: ({ params }) => listWords('literal_error', [params['allowedValue']]),
  minimum: limitWords('greater_than_equal', 'Input should be greater than or equal to #', 'ge'),
  maximum: limitWords('less_than_equal', 'Input should be less than or equal to #', 'le'),
  exclusiveMinimum: limitWords('greater_than', 'Input should be greater than #', 'gt'),
  exclusiveMaximum: limitWords('less_than', 'Input should be less than #', 'lt'),
  multipleOf: limitWords('multiple_of', 'Input should be a multiple of #', 'multiple_of', 'multipleOf'),
  minLength: limitWords('string_too_short', 'String should have at least # character(s)', 'min_length'),
  maxLength: limitWords('string_too_long', 'String should have at most # character(s)', 'max_length'),
  minItems: lengthWords('too_short', 'at least', 'min_length'),
  maxItems: lengthWords('too_long', 'at most', 'max_length'),
  pattern: limitWords('string_pattern_mismatch', "String should match pattern '#'", 'pattern', 'pattern'),
}

const TYPES: Readonly<Record<string, Words>> = {
  string: ['string_type', 'Input should be a valid string'],
  array: ['list_type', 'Input should be a valid list'],
  object: ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from'],
  integer: ['int_type', 'Input should be a valid integer'],
  number: ['float_type', 'Input should be a valid number'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  null: ['none_required', 'Input should be None'],
}

function typeWords(type: unknown, data: unknown): Words {
  // `type: ['string', 'null']` is how OpenAPI 3.1 may say `string | null`.
  const [name = 'null'] = [type]
    .flat()
    .map(String)
    .filter((each) => each !== 'null')
  if (name === 'integer' && typeof data === 'number') {
    return ['int_from_float', 'Input should be a valid integer, got a number with a fractional part']
  }
  return TYPES[name] ?? ['value_error', 'Input should be of another type']
}

/** `'a', 'b' or 'c'` */
function listWords(type: string, allowed: unknown): Words {
  const values = [allowed].flat().map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  const expected = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(values)
  return [type, `Input should be ${expected}`, { expected }]
}

function limitWords(type: string, text: string, name: string, param = 'limit') {
  return ({ params }: ErrorObject): Words => {
    const limit: unknown = params[param]
    const plural = text.replace('(s)', limit === 1 ? '' : 's')
    return [type, plural.replace('#', () => String(limit)), { [name]: limit }]
  }
}

function lengthWords(type: string, bound: string, name: string) {
  return ({ params, data }: ErrorObject): Words => {
    const limit = Number(params['limit'])
    const actual_length = Array.isArray(data) ? data.length : 0
    const items = limit === 1 ? 'item' : 'items'
    return [
      type,
      `List should have ${bound} ${limit} ${items} after validation, not ${actual_length}`,
      { field_type: 'List', [name]: limit, actual_length },
    ]
  }
}

function otherRule({ message }: ErrorObject): Words {
  return ['value_error', `Value error, ${message ?? 'the value is not allowed'}`]
}
