// What the SDK cannot be without. A document that lost it holds no contract, and still is a verdict: no call works.

import { endpointIn, isJson, PATH } from '../contract/index.ts'
import type { Change } from '../drift.ts'
import { isObject, valueAt } from '../lib/json.ts'
import { hasNoMembers } from '../lib/json-text.ts'
import { member, resolved, type Located } from '../lib/located.ts'
import { wireChange } from './changes.ts'

/**
 * The parts of the endpoint that an upstream document no longer has: the method and path, the JSON of the request, the JSON
 * of the response. Empty if the document has them all. Also empty if the document does not describe an API, because it will
 * be rejected.
 */
export function lostEssentials(document: unknown): Change[] {
  const version = valueAt(document, 'openapi')
  const paths = valueAt(document, 'paths')
  if (typeof version !== 'string' || !version.startsWith('3.') || !isObject(paths)) return []
  if (typeof valueAt(document, 'info', 'version') !== 'string') return []

  const post = endpointIn(document)
  if (post === undefined || !isObject(post.value)) {
    if (hasNoMembers(paths)) return []
    const what = { subject: 'endpoint', before: `POST ${PATH}` }
    return [wireChange('breaking', 'endpoint-removed', '#/paths', `POST ${PATH}`, what)]
  }
  const body = resolved(document, member(post, 'requestBody'))
  const response = resolved(document, member(member(post, 'responses'), '200'))
  return [
    ...(takesJson(body) ? [] : [lost('request', body)]),
    ...(takesJson(response) ? [] : [lost('response 200', response)]),
  ]
}

function lost(path: string, { pointer, value }: Located): Change {
  const subject = isObject(value) ? 'media type' : 'status'
  const kind = `${path.split(' ')[0] ?? ''}-json-removed`
  return wireChange('breaking', kind, pointer, path, { subject, before: 'application/json' })
}

function takesJson(body: Located): boolean {
  const content = member(body, 'content').value
  return isObject(content) && Object.keys(content).some(isJson)
}
