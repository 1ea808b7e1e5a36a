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
  const { query, documents, model = defaultModel } = fields
  if (typeof query !== 'string') invalid('query', 'a string', query)
  if (!Array.isArray(documents)) invalid('documents', 'an array of strings', documents)
  const wrong = documents.findIndex((document) => typeof document !== 'string')
  if (wrong >= 0) invalid(`documents[${wrong}]`, 'a string', documents[wrong])
  if (typeof model !== 'string' || model === '') invalid('model', 'a model id', model)
  return { ...fields, model } as ModelRequest
}
