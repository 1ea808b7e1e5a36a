// What the SDK cannot be without. A document that lost it holds no contract, and still is a verdict: no call works.

import { isJson, PATH } from '../contract/index.ts'
import type { Change } from '../drift.ts'
import { isObject, valueAt } from '../lib/json.ts'
import { resolved, member, type Located } from './meaning/located.ts'
import { readerOf } from './meaning/meaning.ts'
import { fact } from './tables/facts.ts'

/**
 * What an upstream document lost of the endpoint: the method and path, the JSON it takes, the JSON it answers with.
 * Nothing where it has it all, and nothing where the document is not an API's at all: that is to be refused.
 */
export function lostEssentials(document: unknown): Change[] {
  const version = valueAt(document, 'openapi')
  const paths = valueAt(document, 'paths')
  if (typeof version !== 'string' || !version.startsWith('3.') || !isObject(paths)) return []
  if (typeof valueAt(document, 'info', 'version') !== 'string' || Object.keys(paths).length === 0) return []

  const reader = readerOf(document)
  const post = member(member(member({ value: document, pointer: '#' }, 'paths'), PATH), 'post')
  if (!isObject(post.value)) return [fact('endpoint', 'removed', '#/paths', `POST ${PATH}`, 'is gone')]
  const body = resolved(member(post, 'requestBody'), reader)
  const answer = resolved(member(member(post, 'responses'), '200'), reader)
  return [
    ...(takesJson(body)
      ? []
      : [fact('json request body', 'removed', body.pointer, 'request', 'takes no JSON any more')]),
    ...(takesJson(answer)
      ? []
      : [
          fact(
            'json answer',
            'removed',
            answer.pointer,
            'answer 200',
            isObject(answer.value) ? 'is no JSON any more' : 'is gone',
          ),
        ]),
  ]
}

function takesJson(body: Located): boolean {
  const content = member(body, 'content').value
  return isObject(content) && Object.keys(content).some(isJson)
}
