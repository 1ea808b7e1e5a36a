import { endedEarly, UnusableResponse } from '../api/response.ts'
import { pageWords } from '../errors/server-message.ts'
import { oneLine } from '../shared/one-line.ts'

/** Statuses of responses that have no body by definition; of any other success it got lost. */
const NO_CONTENT = [204, 205]

/** The words for bytes that `fetch` did not decompress, and for text in another encoding. */
const NO_TEXT = 'not UTF-8 text: it is compressed, or in another encoding'

/** JSON nested deeper says nothing to a person, and could exhaust the stack. */
const DEEPEST = 100

/** Parses the body of a success as JSON, whatever its content type says. @throws UnusableResponse */
export function parseBody(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (text.trim() === '') {
      const problem = 'its body is empty'
      throw NO_CONTENT.includes(status) ? new UnusableResponse(problem) : endedEarly(problem)
    }
    const { isCutOff, noNumber } = scan(text)
    if (isCutOff) throw endedEarly(`its JSON breaks off after ${text.length} characters`)
    if (noNumber) {
      throw new UnusableResponse(
        `its JSON has ${noNumber[0]} at character ${noNumber.index}`,
        'Leave out blank and overlong documents.',
      )
    }
    const words =
      pageWords(text) ?? (/^.{0,8}[\0\uFFFD]/s.test(text) ? NO_TEXT : `not JSON: "${oneLine(text, 100)}"`)
    throw new UnusableResponse(`its body is ${words}`)
  }
}

/**
 * Tells whether a text is the beginning of a JSON object or array: a string or a bracket in it has no end. Finds a number
 * for which JSON has no word as well, as servers in Python write it.
 */
function scan(text: string): { isCutOff: boolean; noNumber: RegExpExecArray | undefined } {
  let depth = 0
  let isInString = false
  let noNumber: RegExpExecArray | undefined
  for (const sign of text.matchAll(/\\[^]|["{}[\]]|\b(?:NaN|Infinity)\b/g)) {
    if (sign[0] === '"') isInString = !isInString
    else if (isInString) continue
    else if (sign[0].length > 2) noNumber ??= sign
    else depth += '{['.includes(sign[0]) ? 1 : '}]'.includes(sign[0]) ? -1 : 0
  }
  const isJson = /^\s*[{[]/.test(text)
  return {
    isCutOff: isJson && (isInString || depth > 0),
    noNumber: isJson || noNumber?.[0] === text.trim() ? noNumber : undefined,
  }
}

/** The JSON of an error's text, or the text where it is not JSON. */
export function jsonOrText(text: string): unknown {
  try {
    return shallow(JSON.parse(text))
  } catch {
    return text
  }
}

/** The JSON of an error, or words in its place where it is nested too deeply. */
export function shallow(json: unknown): unknown {
  const isDeep = (value: unknown, depth: number): boolean =>
    typeof value === 'object' &&
    value !== null &&
    (depth > DEEPEST || Object.values(value).some((inner) => isDeep(inner, depth + 1)))
  return isDeep(json, 1) ? `JSON of more than ${DEEPEST} levels` : json
}
