import { refuse } from '../shared/validate.ts'
import type { RerankRequest, WireRequest } from './types.ts'

/** A request ready for the wire. */
export interface Payload {
  body: WireRequest
  /** What every attempt sends, whatever became of the caller's objects in between. */
  json: string
}

/**
 * The payload of a request. Fields that the caller added are passed on as they are.
 * @throws TypeError when a field that every request needs has the wrong type, or JSON can't hold another.
 */
export function toPayload(request: RerankRequest, defaultModel: string): Payload {
  if (typeof request !== 'object' || (request as unknown) === null) refuse('request', 'an object', request)
  const { query, documents, model = defaultModel } = request
  if (typeof query !== 'string') refuse('query', 'a string', query)
  if (!Array.isArray(documents)) refuse('documents', 'an array of strings', documents)
  const odd = documents.findIndex((document) => typeof document !== 'string')
  if (odd >= 0) refuse(`documents[${odd}]`, 'a string', documents[odd])
  if (typeof model !== 'string' || model === '') refuse('model', 'a model id', model)
  // Fields that are undefined vanish in JSON, which the wire's type can't say.
  const body = { ...request, model } as WireRequest
  return { body, json: JSON.stringify(body) }
}
