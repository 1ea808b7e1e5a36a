import type { Branch, Limit, Schema } from './shapes.ts'

/** A reason why not every value of one schema is one of another. */
export interface Gap {
  readonly keyword: string
  readonly path: string
  /** The statement of the smaller side, and that of the larger one. */
  readonly small: unknown
  readonly large: unknown
  readonly smallAt: string | undefined
  readonly largeAt: string | undefined
}

/** A reason at the place itself, or a part that does not fit. */
export type Concern =
  | (Omit<Gap, 'path'> & { readonly step?: string; readonly inner?: never })
  | {
      readonly inner: readonly [small: Schema, large: Schema]
      readonly step: string
      readonly isTag: boolean
    }

/** The means of comparing parts of schemas. */
export interface Question {
  /** True if names that an object does not list are not sent, though they might be. */
  readonly isClosed: boolean
  readonly isHeeded: (keyword: string) => boolean
  readonly included: (small: Schema, large: Schema) => boolean
  readonly disjoint: (a: Schema, b: Schema) => boolean
  /** True if no value fits. */
  readonly isNothing: (schema: Schema) => boolean
  /** True if a text fits; undefined if this is not decidable. */
  readonly fits: (value: unknown, schema: Schema) => boolean | undefined
}

/** A schema that lets everything through. */
export function everything({ reader, parts: [first] }: Schema): Schema {
  return reader.schema({ value: true, pointer: first?.pointer ?? '' })
}

/** The pointer of a schema. */
export function pointerOf({ parts: [first] }: Schema): string | undefined {
  return first?.pointer
}

/** A schema as it is written; of several the first. */
export function valueOf({ parts: [first] }: Schema): unknown {
  return first?.value
}

/** The step from an object to a member, as it stands in a path. */
export function nameStep(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

/** A limit as a schema writes it. */
export function shown(limit: Limit | undefined): unknown {
  const { value, stated } = limit ?? {}
  return Array.isArray(value) && value.length > 1 ? value : stated
}

/** The types of branches, as schemas write them. */
export function typesOf(branches: readonly Branch[]): string[] {
  const name = ({ type, limits }: Branch): string => (limits.has('integer') ? 'integer' : type)
  return [...new Set(branches.map(name))].sort()
}
