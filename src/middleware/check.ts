/** Throws the TypeError for an option that is invalid. What checks a client's options is too much for a small file. */
export function check(isValid: boolean, name: string, expected: string, value: unknown): void {
  if (!isValid) throw new TypeError(`${name} must be ${expected}, got ${String(value)}`)
}

/** Throws for an option that is not a whole number of at least so much. */
export function checkWhole(name: string, value: number, least = 1): void {
  check(Number.isSafeInteger(value) && value >= least, name, `a whole number, ${least} or more`, value)
}

/** Throws for an option that is not a function. */
export function checkFunction(name: string, value: unknown): void {
  check(typeof value === 'function', name, 'a function', value)
}

/** Gives back a text, and throws for anything else. */
export function checkText(name: string, value: string): string {
  check(typeof value === 'string', name, 'a string', value)
  return value
}
