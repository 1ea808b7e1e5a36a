import { readProperties } from '../shared/read-properties.ts'
import { assertObject, invalid } from '../shared/validate.ts'
import type { RerankRequest, ModelRequest } from './types.ts'

/**
 * Reads each field of a request once. Unknown fields are passed on unchanged.
 * @throws TypeError if a required field has the wrong type, or one is meant as an option of the call
 */
export function readRequest(
  request: RerankRequest,
  defaultModel: string,
  callOptions: object = {},
): ModelRequest {
  assertObject('request', request)
  const fields = readProperties(request)
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    // A server would ignore both without a word.
    if (Object.hasOwn(callOptions, name)) throw notAField(name, 'pass it in the second argument')
    if (/^[a-z]+[A-Z]/.test(name)) throw notAField(name, `did you mean ${snakeOf(name)}?`)
  }
  const { query, documents, model = defaultModel } = fields
  if (typeof query !== 'string') invalid('query', 'a string', query)
  if (!Array.isArray(documents)) invalid('documents', 'an array of strings', documents)
  const wrong = documents.findIndex((document) => typeof document !== 'string')
  if (wrong >= 0) invalid(`documents[${wrong}]`, 'a string', documents[wrong])
  if (typeof model !== 'string' || model === '') invalid('model', 'a model id', model)
  return { ...fields, model } as ModelRequest
}

function notAField(name: string, advice: string): TypeError {
  return new TypeError(`${name} is not a field of a request: ${advice}`)
}

function snakeOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
