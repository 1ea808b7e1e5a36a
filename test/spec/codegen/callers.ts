/** A request of the wire as callers write it: the client fills in the model, and the server alone says `over-limit`. */
export type Callers<Wire> = Wire extends unknown
  ? Lax<{
      [Key in keyof Wire as Key extends 'model' ? never : Key]: Key extends 'service_tier'
        ? Exclude<Wire[Key], 'over-limit'>
        : Wire[Key]
    }> & {
      [Key in keyof Wire as Key extends 'model' ? Key : never]?: Lax<Wire[Key]> | undefined
    } extends infer All
    ? { [Key in keyof All]: All[Key] }
    : never
  : never

/** Arrays may be readonly, and what may be left out may be undefined. */
type Lax<Wire> = Wire extends readonly unknown[]
  ? { readonly [Index in keyof Wire]: Lax<Wire[Index]> }
  : Wire extends object
    ? { [Key in keyof Wire]: Lax<Wire[Key]> | (undefined extends Wire[Key] ? undefined : never) }
    : Wire
