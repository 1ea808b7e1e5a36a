// What random schemas are made of.

/** A JSON schema. */
export type Schema = boolean | Readonly<Record<string, unknown>>

/** What generated schemas may hold. */
export interface Vocabulary {
  /** Keywords that no client relies on in responses: sizes, patterns, and that there are no other members. */
  readonly hasSizes: boolean
  /** `not`, conditions and the like. */
  readonly hasLogic: boolean
}
