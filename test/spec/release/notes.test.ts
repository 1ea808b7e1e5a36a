import { expect, it } from 'vitest'
import type { Change } from '../../../scripts/spec/drift.ts'
import { noteOf } from '../../../scripts/spec/release/notes.ts'

const change = (path: string, subject: string, before?: unknown, after?: unknown): Change => ({
  class: 'breaking',
  source: 'wire',
  kind: 'kind',
  path,
  what: { subject, before, after },
  pointer: '#',
})

it.each([
  [
    change('request.user', 'field', 'optional'),
    'client.rerank: request field user removed',
    'stop sending user',
  ],
  [
    change('request.top_n', 'field', undefined, 'required'),
    'client.rerank: request field top_n added, and required',
    'send top_n',
  ],
  [
    change('request.documents[]', 'maxLength', undefined, 5),
    'client.rerank: request field documents[]: maxLength is new (5)',
    'keep documents[] to maxLength 5',
  ],
  [
    change('response 200.results[].document', 'field', 'required'),
    'client.rerank: response field results[].document removed',
    'stop reading results[].document',
  ],
  [
    change('response 422.detail', 'field', 'required', 'optional'),
    'client.rerank: error 422 field detail: is optional now',
    'check that detail is there before you read it',
  ],
  [
    change('parameter query.ai_project_id', 'field', 'optional'),
    'client.rerank: parameter ai_project_id removed',
    'stop sending ai_project_id',
  ],
  [
    change('request.service_tier', 'default', 'auto', 'flex'),
    'client.rerank: request field service_tier: default was "auto", is "flex"',
    'send service_tier yourself if you rely on its old default',
  ],
  [
    change('request.service_tier', 'values', ['no-limit', 'over-limit']),
    'client.rerank: request field service_tier: enum loses "no-limit", "over-limit"',
    'stop sending "no-limit", "over-limit" as service_tier',
  ],
  [
    change('request.user', 'enum', undefined, ['a', 'b']),
    'client.rerank: request field user: must be one of "a", "b"',
    'send user as one of "a", "b"',
  ],
  [
    change('request.user', 'type', ['null', 'string'], ['string']),
    'client.rerank: request field user: was null or string, is string',
    'send user as string',
  ],
  [
    change('request', 'not', undefined, true),
    'client.rerank: request: excludes more values (not, oneOf)',
    'send the request as the new contract asks',
  ],
  [
    { ...change('response 422', 'media type', 'application/json'), kind: 'response-json-removed' },
    'client.rerank: error 422: application/json is gone',
    'stop reading the JSON of error 422',
  ],
  [
    { ...change('response 200', 'media type', 'application/json'), kind: 'response-json-removed' },
    'client.rerank: response: application/json is gone',
    'there is none: the endpoint is gone',
  ],
  [
    change('security', 'security', ['http bearer']),
    'security: no longer enough: http bearer',
    'sign in as the new contract asks',
  ],
])('says what a caller types, and what to do: %#', (found, line, migration) => {
  expect(noteOf(found)).toEqual({ line, migration })
})

it('asks for nothing where nothing breaks', () => {
  const found = { ...change('request.top_n', 'field', undefined, 'optional'), class: 'compatible' } as const
  expect(noteOf(found)).toEqual({ line: 'client.rerank: request field top_n added', migration: undefined })
})
