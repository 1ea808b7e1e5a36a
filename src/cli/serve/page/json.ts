/** The records in JSON or JSON Lines, and where in each a text may be. */
export interface Records {
  values: unknown[]
  /** Paths of strings in the records, such as `text` and `meta.title`; `''` for a record that is one itself. */
  fields: string[]
}

/** Reads an array, an object with an array in it, a single value, or a value a line. @throws SyntaxError */
export function parseRecords(text: string): Records {
  const values = valuesIn(text)
  const lengths = new Map<string, number>()
  for (const value of values.slice(0, SAMPLE)) {
    for (const path of pathsIn(value)) {
      lengths.set(path, (lengths.get(path) ?? 0) + (textAt(value, path)?.length ?? 0))
    }
  }
  // The likeliest first: a usual name, then the longest texts.
  const fields = [...lengths]
    .sort(([a, x], [b, y]) => rankOf(a) - rankOf(b) || y - x)
    .map(([path]) => path)
    .filter((path, _, all) => path !== '' || all.length === 1)
  return { values, fields }
}

/** The text of a record at a path; `undefined` if there is none. */
export function textAt(record: unknown, path: string): string | undefined {
  // A record that is itself a text has no fields.
  if (typeof record === 'string') return record
  const value = at(record, path) ?? path.split('.').reduce<unknown>(at, record)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Records that are looked at for their fields. */
const SAMPLE = 100

/** Names that usually hold the text, in the order in which they are preferred. */
const USUAL = ['', 'text', 'content', 'pageContent', 'page_content', 'document', 'body', 'passage']

function rankOf(path: string): number {
  const place = USUAL.indexOf(path.slice(path.lastIndexOf('.') + 1))
  return place < 0 ? USUAL.length : place
}

function valuesIn(text: string): unknown[] {
  try {
    const value = JSON.parse(text) as unknown
    return Array.isArray(value) ? value : (arrayIn(value) ?? [value])
  } catch (error) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    if (lines.length < 2 || !/^\s*[[{"\d]/.test(lines[1] ?? '') || text.trimStart().startsWith('[\n')) {
      throw worded(error)
    }
    return lines.map((line, place) => {
      try {
        return JSON.parse(line) as unknown
      } catch (cause) {
        throw place === 0 ? worded(error) : worded(cause, ` in line ${place + 1}`)
      }
    })
  }
}

function worded(error: unknown, where = ''): SyntaxError {
  const message = error instanceof Error ? error.message : String(error)
  return new SyntaxError(`This is not JSON${where}: ${message.slice(0, 200)}.`)
}

/** `{ "documents": [...] }`, `{ "results": [...] }` and the like. */
function arrayIn(value: unknown): unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const arrays = Object.values(value).filter((each): each is unknown[] => Array.isArray(each))
  return arrays.length === 1 ? arrays[0] : undefined
}

/** Two levels deep: texts that are deeper are rare, and the list of fields is to stay short. */
function pathsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return ['']
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 1) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsIn(inner, depth + 1).map((path) => (path === '' ? key : `${key}.${path}`)),
  )
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}
