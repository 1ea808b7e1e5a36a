// What oasdiff calls a break and we do not, with the reason.

/** Findings of oasdiff that break nobody, by id: why, and in which cases of the corpus. */
export const HARMLESS: Readonly<Record<string, { why: string; cases: readonly string[] }>> = {
  'new-required-request-property': {
    why: 'each of the alternatives, or a part of allOf, required it.',
    cases: [
      'union members merged into one with optional fields (request)',
      'allOf repeats a field with a limit, or one says all',
    ],
  },
  'optional-response-header-removed': {
    why: 'it was never promised, or is there in other letters.',
    cases: ['a header of responses in other letters', 'a header that may be there goes'],
  },
  'request-body-all-of-added': {
    why: 'the part says what the body said before.',
    cases: ['request allOf mixin', 'allOf of nothing but names that are required'],
  },
  'request-body-dependent-required-added': {
    why: 'the name is none that anybody sends, or what it needs is required anyway.',
    cases: ['a name that nobody sends needs a field', 'a field needs one that is required anyway'],
  },
  'request-body-if-added': {
    why: 'a condition whose consequence holds anyway, or which has none.',
    cases: ['if then tautology', 'if without then'],
  },
  'request-body-then-added': {
    why: 'a consequence that holds anyway, or without a condition.',
    cases: ['if then tautology', 'then without if'],
  },
  'request-body-type-changed': {
    why: 'the object became one of several alternatives.',
    cases: ['oneOf two shapes of request', 'body nullable'],
  },
  'request-parameter-default-value-added': {
    why: 'who leaves it out was promised nothing before.',
    cases: ['a default of a parameter is told'],
  },
  'request-parameter-list-of-types-narrowed': {
    why: 'nullable became a list of types.',
    cases: ['the whole document in OpenAPI 3.0'],
  },
  'request-parameter-type-changed': {
    why: 'nullable became a list of types.',
    cases: ['the whole document in OpenAPI 3.0'],
  },
  'request-property-all-of-added': {
    why: 'it compares parts as they are written, not what they say together.',
    cases: [
      'allOf whose child repeats a field: the same in requests',
      'pattern moved to allOf',
      'a list that holds itself by a part of allOf',
      'a part of allOf requires a field that is read alone',
      'names that are not listed are refused in a part of allOf that lists all',
    ],
  },
  'request-property-all-of-removed': {
    why: 'it compares parts as they are written, not what they say together.',
    cases: [
      'service_tier may be null',
      'allOf of one as a reference with words beside it',
      'null as a further value beside a default',
      'pattern moved to allOf',
      'nullable 3.0 ref allOf',
      'allOf repeats a field with a limit, or one says all',
    ],
  },
  'request-property-any-of-removed': {
    why: 'it compares branches as they are written, not what the others let through.',
    cases: [
      'anyOf within anyOf',
      'oneOf of values that exclude each other',
      'oneOf of text and of objects that name themselves',
      'a discriminator of requests where each alternative names its text',
      'anything where requests had text or null',
      'an alternative that another one covers goes',
      'oneOf for anyOf exclusive',
      'anyOf to oneOf with discriminator, const tags',
      'union members merged into one with optional fields (request)',
      'JsonValue to anything',
      'a type beside alternatives, or inside each',
    ],
  },
  'request-property-became-enum': {
    why: 'the list stood in a reference or in a constant before, or names all booleans.',
    cases: [
      'small false alarms: enum of both booleans',
      'allOf of one as a reference with words beside it',
      'one value becomes several, requests',
      'number 1.0 const',
    ],
  },
  'request-property-became-not-nullable': {
    why: 'null became an alternative.',
    cases: ['type with anyOf inside'],
  },
  'request-property-contains-added': {
    why: 'none of the items has to be there.',
    cases: ['minContains 0 contains'],
  },
  'request-property-dependent-required-added': {
    why: 'what it needs is read alone, and no request has it.',
    cases: ['a field needs one that is read alone'],
  },
  'request-property-enum-value-removed': {
    why: 'the values are let through by a pattern, as constants, as an alternative, or as any text.',
    cases: [
      'any text where requests had an enum',
      'one of the values that requests list beside any text is gone',
      'enum one by one consts with titles (ServiceTier style)',
      'enum within pattern',
      'nullable beside a reference in 3.1',
    ],
  },
  'request-property-exclusive-max-set': {
    why: 'below 11 is 10 at most.',
    cases: ['less than 11 for at most 10'],
  },
  'request-property-exclusive-min-set': {
    why: 'more than 0 is at least 1, of integers.',
    cases: ['exclusiveMinimum 0 for minimum 1'],
  },
  'request-property-list-of-types-narrowed': {
    why: 'it compares the list as it is written beside an anyOf that says the same.',
    cases: [
      'anyOf with null as a list of types',
      'anyOf with null as nullable',
      'a keyword beside a choice, or inside its branches: type list beside anyOf with null',
      'the whole document in OpenAPI 3.0',
      'numbers for exactly one of integers and numbers',
    ],
  },
  'request-property-max-length-set': {
    why: 'all values of the list are shorter, or the limit stood beside the choice.',
    cases: ['enum under maxLength', 'a length beside alternatives, or inside the one of text'],
  },
  'request-property-max-set': {
    why: 'a maximum that says nothing about text, or what a format or another bound said.',
    cases: [
      'a keyword of another type',
      'exclusiveMaximum 100 to maximum 99 int',
      'exclusiveMaximum 1 to maximum 1 number',
      'int32 plus explicit bounds',
    ],
  },
  'request-property-min-set': {
    why: 'a bound that another one makes moot, or that took its place.',
    cases: [
      'a limit that a tighter one makes moot',
      'at least 0 for more than 0',
      'at least -1 for more than 0',
      'int32 plus explicit bounds',
      '3.0: exclusiveMinimum bool',
      'a minimum beside a stricter one',
    ],
  },
  'request-property-one-of-removed': {
    why: 'it compares branches by name and as they are written, not what they let through.',
    cases: ['a new optional field in each alternative', 'a component that a mapping names is renamed'],
  },
  'request-property-pattern-added': {
    why: 'the pattern lets all values of the list through that it took the place of.',
    cases: ['enum within pattern'],
  },
  'request-property-pattern-property-added': {
    why: 'names that match were refused before.',
    cases: ['a pattern of names lets more through'],
  },
  'request-property-prefix-items-removed': {
    why: 'what it said of each item, all items say.',
    cases: ['prefixItems + minItems/maxItems to items'],
  },
  'request-property-removed': {
    why: 'the field went into a part of allOf, into an alternative, or into anything.',
    cases: [
      'allOf whose child repeats a field: the same in requests',
      'small false alarms: an object becomes anything (requests)',
      'request allOf mixin',
      'oneOf two shapes of request',
      'body nullable',
      'a list that holds itself by a part of allOf',
      'names that are not listed are refused in a part of allOf that lists all',
    ],
  },
  'request-property-type-changed': {
    why: 'it compares how a type is written: it takes one more type, a format that bounds nothing, allOf, anyOf, values for another one.',
    cases: [
      'the type of listed integers',
      'documents may be objects',
      'objects that a discriminator tells apart, beside text',
      'one of several objects that name themselves, beside text',
      'a format is lifted',
      'a keyword beside a choice, or inside its branches: objects',
      'formats of numbers: float, requests',
      'formats of numbers: int64, requests',
      'allOf whose child repeats a field: the same in requests',
      'small false alarms: an object becomes anything (requests)',
      'allOf of one as a reference with words beside it',
      'map string to string|number, request',
      'items anything',
      'union members merged into one with optional fields (request)',
      'string to string|integer request',
      'enum of strings untyped gets typed',
      'enum one by one consts with titles (ServiceTier style)',
      'format password',
      'number multipleOf 1 to integer',
      'enum within pattern',
      'a float for a double',
      'a format that nobody knows, of numbers',
      'a list that holds itself by a part of allOf',
      'a type beside alternatives, or inside each',
      'allOf repeats a field with a limit, or one says all',
      'dates of requests become any text',
      'names that are not listed are refused in a part of allOf that lists all',
    ],
  },
  'response-optional-property-removed': {
    why: 'the field went into a part of allOf.',
    cases: [
      'allOf whose child repeats a field: a plain object becomes base + child, the child says what x is (answers)',
    ],
  },
  'response-property-became-nullable': {
    why: 'it was one of two types before, of which null was one.',
    cases: ['the whole document in OpenAPI 3.0'],
  },
  'response-property-const-removed': {
    why: 'a list of one value says what the constant said.',
    cases: ['const as an enum of one', 'constants in items as a list of values'],
  },
  'response-property-enum-value-added': {
    why: 'it takes a list that says less than any text, or the same as before, for one that grew.',
    cases: [
      'values as one list',
      'const as an enum of one',
      'any text of answers becomes an enum',
      'any number of answers becomes an enum',
      'another value that answers list beside any text',
      'constants in items as a list of values',
    ],
  },
  'response-property-list-of-types-widened': {
    why: 'it does not know that every integer is a number.',
    cases: ['integers beside numbers'],
  },
  'response-property-max-length-unset': {
    why: 'nobody relies on how long a text of a response may be.',
    cases: ['response maxLength lifted'],
  },
  'response-property-type-changed': {
    why: 'it compares how a type is written: by reference, with allOf, anyOf, a list of values, a format that only says more, or of a number.',
    cases: [
      'values as one list',
      'an inlined schema',
      'allOf of one as a reference',
      'allOf of two as one',
      'allOf of one inlined without its words',
      'allOf whose child repeats a field: a plain object becomes base + child, the child says what x is (answers)',
      'id format uuid',
      'result allOf plus',
      'number format double',
      'index format int64',
      'index format int32',
      'index format int32 lifted',
      'constants in items as a list of values',
      'objects for anything, of responses',
    ],
  },
  'response-required-property-removed': {
    why: 'the field stands in a part of allOf, or in what the reference beside it names.',
    cases: ['result allOf plus', 'fields beside a reference of a response'],
  },
}
