import { invalid } from '../shared/validate.ts'

/** Returns a text, and throws for anything else. */
export function checkText(name: string, value: string): string {
  return typeof value === 'string' ? value : invalid(name, 'a string', value)
}
