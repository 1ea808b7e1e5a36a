import { readProperties } from '../shared/read-properties.ts'
import { assertObject, invalid } from '../shared/validate.ts'
import type { RerankRequest, ModelRequest } from './types.ts'

/**
 * Reads each field of a request once. Unknown fields are passed on unchanged.
 * @throws TypeError if a required field has the wrong type
 */
export function readRequest(request: RerankRequest, defaultModel: string): ModelRequest {
  assertObject('request', request)
  const fields = readProperties(request)
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && /^[a-z]+[A-Z]/.test(name)) throw notAField(name)
  }
  const { query, documents, model = defaultModel } = fields
  if (typeof query !== 'string') invalid('query', 'a string', query)
  if (!Array.isArray(documents)) invalid('documents', 'an array of strings', documents)
  const wrong = documents.findIndex((document) => typeof document !== 'string')
  if (wrong >= 0) invalid(`documents[${wrong}]`, 'a string', documents[wrong])
  if (typeof model !== 'string' || model === '') invalid('model', 'a model id', model)
  return { ...fields, model } as ModelRequest
}

/** Fields are in snake case, so a server would ignore a name in camel case without a word. */
function notAField(name: string): TypeError {
  const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return new TypeError(
    `${name} is not a field of a request: did you mean ${field}, or an option of the call?`,
  )
}
