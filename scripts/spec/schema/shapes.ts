// What a normal form is made of: a value fits a schema if it fits one of its branches, and a branch if it keeps to all
// that the branch says.

import type { JsonType } from '../lib/json.ts'
import type { Located } from '../lib/located.ts'

/** Schemas of one document that hold at once; the same object for the same schemas. */
export interface Schema {
  readonly id: string
  readonly parts: readonly Located[]
  readonly reader: SchemaReader
}

/** Reads the schemas of one document. */
export interface SchemaReader {
  /** The schema at a place. */
  readonly schema: (place: Located) => Schema
  readonly branches: (schema: Schema) => readonly Branch[]
  /** Both schemas at once; undefined stands for one that says nothing. */
  readonly both: (a: Schema | undefined, b: Schema | undefined) => Schema | undefined
  /** A text that is the same only for schemas that say the same to machines, also of other documents. */
  readonly identity: (schema: Schema) => string
}

/** Values of one JSON type, and all that is said about them at once. */
export interface Branch {
  readonly type: JsonType
  readonly pointer: string
  /** The only values that it lets through. */
  readonly values: readonly unknown[] | undefined
  /** Limits on single values, by keyword. */
  readonly limits: Limits
  readonly list: ListShape | undefined
  readonly object: ObjectShape | undefined
  /** Branches that exclude values: a value that fits one of them does not fit this branch. */
  readonly nots: readonly Branch[]
  /** Texts of what could not be read; a branch that says as much says each of them. */
  readonly opaque: ReadonlySet<string>
}

export type Limits = ReadonlyMap<string, Limit>

/** A limit as a schema states it. */
export interface Limit {
  /** The keyword that states it. */
  readonly keyword: string
  /** Its value as its rule compares it; a list where several hold at once. */
  readonly value: unknown
  /** Its value as the schema writes it. */
  readonly stated: unknown
  readonly pointer: string
}

/** A bound of numbers: its value, and whether the value itself is excluded. */
export interface Bound {
  readonly at: number
  readonly open: boolean
}

/** The shape of a list, in statements about its items. */
export interface ListShape {
  /** Schemas by position. */
  readonly prefix: readonly (Schema | undefined)[]
  /** The schema of what follows them; undefined if nothing is said. */
  readonly rest: Schema | undefined
  readonly contains: readonly Contains[]
}

/** The number of items that have to fit a schema. */
export interface Contains {
  readonly schema: Schema
  readonly least: number
  readonly most: number
  readonly pointer: string
}

/** The shape of an object, in statements about its members. */
export interface ObjectShape {
  /** True if it lists the names that it knows; an object that lists none may have any. */
  readonly isNamed: boolean
  readonly properties: ReadonlyMap<string, Schema>
  readonly patterns: ReadonlyMap<string, Schema>
  /** The schema of all other members; undefined if nothing is said. */
  readonly rest: Schema | undefined
  /** The names that have to be there, with the pointers of what says so. */
  readonly required: ReadonlyMap<string, string>
  /** The names that are not sent in this direction, even if they are listed. */
  readonly dropped: ReadonlySet<string>
  /** Schemas of the names themselves. */
  readonly names: readonly Schema[]
  /** The names that have to be there where another one is. */
  readonly dependents: ReadonlyMap<string, ReadonlySet<string>>
  /** The schemas that the object has to fit where a name is there. */
  readonly dependentSchemas: readonly (readonly [name: string, schema: Schema])[]
}
