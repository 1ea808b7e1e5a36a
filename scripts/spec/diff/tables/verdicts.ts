// What each change means for callers: the tables that decide. "Tighter" lets fewer values through than before,
// "looser" more; a change that does both gets the worse of the two.
//
// In requests tighter breaks callers, whose calls may be refused. In answers looser breaks them, where their code
// may meet a value that it was promised not to meet; the compiler, which is asked as well, adds what they can
// no longer name.

import type { DriftClass } from '../../drift.ts'

/** How two values of a keyword are compared. */
export type Reading =
  | 'types'
  | 'values'
  | 'ceiling'
  | 'floor'
  /** A multiple of the old value is tighter, a divisor of it looser. */
  | 'divisor'
  /** Being there is tighter than not being there; two different values are both. */
  | 'presence'
  /** A schema within the schema, compared in its turn. */
  | 'schema'
  /** A schema that decides about others: any difference is both. */
  | 'condition'
  /** Schemas that all hold. */
  | 'parts'
  /** Schemas of which any holds. */
  | 'choice'
  /** Schemas by position; another length is both. */
  | 'tuple'
  /** Schemas by name. */
  | 'map'

const B: DriftClass = 'breaking'
const C: DriftClass = 'compatible'
const D: DriftClass = 'docs'

/** A row: how the keyword is read, and the class of each kind of change. */
export type KeywordRow = readonly [
  reading: Reading,
  requestTighter: DriftClass,
  requestLooser: DriftClass,
  answerTighter: DriftClass,
  answerLooser: DriftClass,
]

/** Keywords of schemas. */
// prettier-ignore
export const KEYWORDS: Readonly<Record<string, KeywordRow>> = {
  //                                   request  answer
  //                     read as       + −      + −       tighter (+), looser (−)
  type:                  ['types',      B, C,   C, B],
  enum:                  ['values',     B, C,   C, B], // an exhaustive switch stops compiling
  required:              ['presence',   B, C,   C, B],
  items:                 ['schema',     B, C,   C, B],
  prefixItems:           ['tuple',      B, B,   B, B],
  allOf:                 ['parts',      B, C,   C, B],
  anyOf:                 ['choice',     B, C,   C, B],
  oneOf:                 ['choice',     B, C,   C, B],
  // Sizes and shapes: no client relies on how much an answer may not hold.
  maxItems:              ['ceiling',    B, C,   C, C],
  maxLength:             ['ceiling',    B, C,   C, C],
  maxProperties:         ['ceiling',    B, C,   C, C],
  maximum:               ['ceiling',    B, C,   C, C], // or exclusiveMaximum
  minItems:              ['floor',      B, C,   C, C],
  minLength:             ['floor',      B, C,   C, C],
  minProperties:         ['floor',      B, C,   C, C],
  minimum:               ['floor',      B, C,   C, C], // or exclusiveMinimum
  pattern:               ['presence',   B, C,   C, C],
  multipleOf:            ['divisor',    B, C,   C, C],
  uniqueItems:           ['presence',   B, C,   C, C],
  // Callers ignore keys that they do not know; those that they could name are the compiler's to miss.
  additionalProperties:  ['schema',     B, C,   C, C],
  unevaluatedProperties: ['schema',     B, C,   C, C],
  // How a text is to be read: a date, a UUID, base64.
  format:                ['presence',   B, C,   C, B],
  contentEncoding:       ['presence',   B, B,   B, B],
  contentMediaType:      ['presence',   B, B,   B, B],
  contentSchema:         ['schema',     B, C,   C, B],
  // Conditions.
  patternProperties:     ['map',        B, C,   C, B],
  propertyNames:         ['schema',     B, C,   C, B],
  dependentRequired:     ['presence',   B, C,   C, B],
  dependentSchemas:      ['map',        B, C,   C, B],
  unevaluatedItems:      ['schema',     B, C,   C, B],
  contains:              ['schema',     B, C,   C, B],
  minContains:           ['presence',   B, B,   C, B],
  maxContains:           ['presence',   B, C,   C, B],
  not:                   ['condition',  B, C,   C, B],
  if:                    ['condition',  B, B,   B, B],
  then:                  ['condition',  B, C,   C, B],
  else:                  ['condition',  B, C,   C, B],
}

/** Keywords that say more where both editions have another one beside them: the other, and the row that holds then. */
// prettier-ignore
export const BESIDE: Readonly<Record<string, readonly [other: string, row: KeywordRow]>> = {
  minItems: ['prefixItems', ['floor',     B, C,   C, B]], // the types promise every item of a tuple
  contains: ['maxContains', ['condition', B, C,   C, B]], // what counts as one more may be one too many
}

/**
 * A keyword that has no row. None reaches a comparison: a contract holds the keywords of its vocabulary alone, and a test
 * compares that with this table. Where they part all the same, the worst is assumed.
 */
export const UNKNOWN_KEYWORD: KeywordRow = ['presence', B, B, B, B]

/** What happened to something. */
export type Move = 'added' | 'removed' | 'changed'

/** The class of each move. */
export type Verdict = Readonly<Record<Move, DriftClass>>

const of = (added: DriftClass, removed: DriftClass, changed: DriftClass): Verdict => ({
  added,
  removed,
  changed,
})

/** What a schema holds and says beside its keywords: in requests, in answers. */
// prettier-ignore
export const STRUCTURE = {
  //                   request      answer          added, removed, changed
  property:             [of(C, B, B), of(C, B, B)], // a removed one can no longer be named
  alternative:          [of(C, B, B), of(B, C, B)],
  exclusivity:          [of(B, C, B), of(C, C, C)], // anyOf became oneOf; changed: what two let through may grow
  default:              [of(C, B, B), of(D, D, D)], // who leaves it out was promised what it said
  deprecated:           [of(C, C, C), of(C, C, C)],
  readOnly:             [of(B, B, B), of(C, C, C)], // no longer to be sent, or now to be
  writeOnly:            [of(C, C, C), of(B, C, B)], // no longer answered
  discriminator:        [of(B, C, B), of(C, B, B)], // the property becomes one of its names, or any text
  'told discriminator': [of(C, C, B), of(C, C, B)], // each alternative names its own text without it
  mapping:              [of(C, B, B), of(C, C, B)],
} satisfies Record<string, readonly [request: Verdict, answer: Verdict]>

/** What an operation holds. */
// prettier-ignore
export const OPERATION = {
  //                   added, removed, changed
  endpoint:             of(C, B, B), // method and path
  'json request body':  of(C, B, B), // media type
  'json answer':        of(C, B, B), // success status and media type
  'success status':     of(B, B, B), // an answer that the types do not describe
  'error status':       of(C, C, C),
  'answer body':        of(C, B, B),
  'required header':    of(C, B, C),
  'optional header':    of(C, C, B), // changed: it is not always there any more
  'required parameter': of(B, B, B),
  'optional parameter': of(C, B, C),
  'parameter style':    of(B, B, B), // other bytes for the same value
  'required body':      of(B, C, B),
  deprecation:          of(C, C, C),
  'way to sign in':     of(C, B, B), // calls that one let through are refused
  // The SDK's base URL is our own: reported, never followed.
  server:               of(D, D, D),
} satisfies Record<string, Verdict>

/** What is of one class, whichever way it travels and moves. */
export const ALWAYS = {
  version: 'version', // of the document, which moves with every deployment
  words: D, // what only people read; also those that people shall look at
  'open schema': C, // one within a schema that lets everything through: the compiler judges the types
  'covered alternative': C, // it says no more than another one, which stays
  'type break': B, // whatever stops compiling
} satisfies Record<string, DriftClass>

/**
 * oasdiff's levels are classes, but for what it judges otherwise than callers feel it; the first row that fits
 * decides. Whatever is called compatible here, our own tables judge as well.
 */
export const OASDIFF: readonly (readonly [id: RegExp, verdict: DriftClass, why: string])[] = [
  [/^response-.*-(?:min|max).*-(?:increased|decreased|unset)$/, C, 'no client relies on sizes of answers'],
  [
    /-(?:any|one|all)-of-(?:added|removed)$/,
    C,
    'it compares how branches are written, not what they let through',
  ],
  [
    /^request-.*-(?:min|max)-(?:set|increased|decreased)$/,
    C,
    'it compares how a bound is written, not what it lets through',
  ],
  [/-type-changed$/, C, 'it takes a lifted format for another type; our tables and the compiler know better'],
  [/^request-.*-default-value-added$/, C, 'who leaves it out was promised nothing before'],
  [/^request-.*-default-value-removed$/, B, 'who leaves it out was promised what it said'],
  [/^response-.*-default-value-/, D, 'nobody fills in what is answered'],
  [/^response-.*-enum-value-added$/, C, 'it takes any text that becomes an enum for one that grew'],
  [/^request-.*-enum-value-added$/, C, 'our tables name the values, as many as a line shows'],
  [/^request-.*-enum-value-removed$/, C, 'it takes an enum that becomes any text for one that shrank'],
  [/-list-of-types-(?:narrowed|widened)$/, C, 'it does not know that every integer is a number'],
  [/-became-(?:not-)?nullable$/, C, 'it takes what may be anything for what may not be null'],
  [/-sunset-/, C, 'upstream sets no sunset dates'],
  [/^optional-response-header-removed$/, C, 'it was never promised'],
  [/-became-not-write-only$/, C, 'one more field is answered'],
]

/** The classes of oasdiff's levels: INFO, WARN, ERR. */
export const OASDIFF_LEVELS: Readonly<Record<number, DriftClass>> = { 1: C, 2: B, 3: B }
