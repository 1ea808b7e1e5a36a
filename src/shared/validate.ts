/** Throws the TypeError for an argument of the wrong shape. */
export function refuse(name: string, expected: string, value: unknown): never {
  throw new TypeError(`${name} must be ${expected}, got ${describe(value)}`)
}

/** When an option is valid, and what to say where it is not. */
export type Rule = readonly [isValid: (value: unknown) => boolean, expected: string]

/** Refuses what is no object; it is not quoted, since a string in the place of options is likely to be the key. */
export function checkIsObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${name} must be an object, got ${value === null ? 'null' : typeof value}`)
  }
}

/** Checks the options that are given, each by the rule of its name. @throws TypeError */
export function checkOptions(options: object, rules: Readonly<Record<string, Rule>>): void {
  for (const name in options) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const value: unknown = Reflect.get(options, name)
    if (rule && value !== undefined && !rule[0](value)) refuse(name, rule[1], value)
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (value === null || ['number', 'boolean', 'bigint', 'undefined'].includes(typeof value))
    return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'function' ? 'a function' : 'an object'
}
