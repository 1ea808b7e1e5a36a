import { UnusableResponse } from '../api/response.ts'
import { isMarkup, serverMessage } from '../errors/server-message.ts'
import { oneLine } from '../shared/one-line.ts'

/** Statuses of responses that have no body by definition; of any other success it got lost. */
const NO_CONTENT = [204, 205]

/** Parses the body of a success as JSON, whatever its content type says. @throws UnusableResponse */
export function parseBody(text: string, status: number, redact: (text: string) => string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (text.trim() === '') throw new UnusableResponse('its body is empty', !NO_CONTENT.includes(status))
    if (isCutOff(text))
      throw new UnusableResponse(`its JSON breaks off after ${text.length} characters`, true)
    // Before anything is cut off: the rest of a secret would go unrecognised.
    const clean = redact(text)
    if (isMarkup(clean)) throw new UnusableResponse(`its body is ${serverMessage(clean)}`)
    throw new UnusableResponse(`its body is not JSON: "${oneLine(clean, 100)}"`)
  }
}

/** Tells whether a text is the beginning of a JSON object or array: a string or a bracket in it has no end. */
function isCutOff(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
  }
  return isInString || depth > 0
}
