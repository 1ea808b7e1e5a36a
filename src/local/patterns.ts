/**
 * A contract as JavaScript can check it. FastAPI writes Python's regular expressions, some of which JavaScript can't read,
 * such as `(?P<name>…)` and `\Z`. What they ask of a text, or of a field by its name, is left out.
 */
export function withReadablePatterns<Contract extends object>(contract: Contract): Contract {
  return JSON.parse(JSON.stringify(contract), readable) as Contract
}

function readable(key: string, value: unknown): unknown {
  if (key === 'pattern' && typeof value === 'string' && !isReadable(value)) return undefined
  if (!isObject(value) || !isObject(value['patternProperties'])) return value
  const patterns = Object.entries(value['patternProperties'])
  const kept = patterns.filter(([pattern]) => isReadable(pattern))
  if (kept.length === patterns.length) return value
  // Which fields are further ones, nobody can tell.
  return { ...value, patternProperties: Object.fromEntries(kept), additionalProperties: true }
}

function isReadable(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
