/**
 * The values of an object by their names, each as the JSON text that stands there: parsed and written again, a number
 * such as 12345678901234567890 would become another. The text must be the JSON of an object.
 */
export function fieldTexts(json: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of pairs(json)) {
    // Of two fields of one name, JSON.parse takes the second.
    fields.delete(name)
    fields.set(name, value)
  }
  return fields
}

/** The elements of an array, each as the JSON text that stands there. The text must be the JSON of an array. */
export function elementTexts(json: string): string[] {
  return parts(json)
}

/** The same JSON on one line: without the whitespace between its parts, and each part as it is written. */
export function compactText(json: string): string {
  let compact = ''
  let start = 0
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at)
    if (character === '"') at = endOfString(json, at) - 1
    else if (character <= ' ') {
      compact += json.slice(start, at)
      start = at + 1
    }
  }
  return compact + json.slice(start)
}

function pairs(json: string): [name: string, value: string][] {
  return parts(json).map((part) => {
    const end = endOfString(part, 0)
    return [JSON.parse(part.slice(0, end)) as string, part.slice(part.indexOf(':', end) + 1).trim()]
  })
}

/** Returns the texts between the commas of the outermost brackets. */
function parts(json: string): string[] {
  const found: string[] = []
  const from = json.search(/[[{]/) + 1
  let start = from
  let depth = 0
  let at = from
  const take = (): void => {
    const part = json.slice(start, at).trim()
    if (part !== '') found.push(part)
    start = at + 1
  }
  for (; depth >= 0 && at < json.length; at += 1) {
    const character = json[at]
    if (character === '"') at = endOfString(json, at) - 1
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    else if (character !== ',' || depth > 0) continue
    if (depth < 0 || (depth === 0 && character === ',')) take()
  }
  return found
}

/** The place behind the string that begins at a place. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1
    else if (json[at] === '"') return at + 1
  }
  return json.length
}
