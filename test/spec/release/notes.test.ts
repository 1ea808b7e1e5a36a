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
    '`client.rerank`: request field `user` removed',
    'stop sending `user`',
  ],
  [
    change('request.top_n', 'field', undefined, 'required'),
    '`client.rerank`: request field `top_n` added, required',
    'send `top_n`',
  ],
  [
    change('request.documents[]', 'maxLength', undefined, 5),
    '`client.rerank`: request field `documents[]`: `maxLength` added (`5`)',
    'send `documents[]` with at most 5 characters',
  ],
  [
    change('response 200.results[].document', 'field', 'required'),
    '`client.rerank`: response field `results[].document` removed',
    'stop reading `results[].document`',
  ],
  [
    change('response 422.detail', 'field', 'required', 'optional'),
    '`client.rerank`: error 422 field `detail`: now optional',
    'check that `detail` is there before you read it',
  ],
  [
    change('parameter query.ai_project_id', 'field', 'optional'),
    '`client.rerank`: parameter `ai_project_id` removed',
    'stop sending `ai_project_id`',
  ],
  [
    change('request.service_tier', 'default', 'auto', 'flex'),
    '`client.rerank`: request field `service_tier`: `default` was `"auto"`, is now `"flex"`',
    'send `service_tier` yourself if you rely on its old default',
  ],
  [
    change('request.service_tier', 'values', ['no-limit', 'over-limit']),
    '`client.rerank`: request field `service_tier`: `enum` loses `"no-limit"`, `"over-limit"`',
    'stop sending `"no-limit"`, `"over-limit"` as `service_tier`',
  ],
  [
    change('request.user', 'enum', undefined, ['a', 'b']),
    '`client.rerank`: request field `user`: must now be one of `"a"`, `"b"`',
    'send `user` as one of `"a"`, `"b"`',
  ],
  [
    change('request.user', 'type', ['null', 'string'], ['string']),
    '`client.rerank`: request field `user`: was null or string, is now string',
    'send `user` as string',
  ],
  [
    change('request', 'not', undefined, true),
    '`client.rerank`: request: excludes more values (`not`, `oneOf`)',
    'send the request as the new contract requires',
  ],
  [
    { ...change('response 422', 'media type', 'application/json'), kind: 'response-json-removed' },
    '`client.rerank`: error 422: `application/json` removed',
    'stop reading the JSON of error 422',
  ],
  [
    { ...change('response 200', 'media type', 'application/json'), kind: 'response-json-removed' },
    '`client.rerank`: response: `application/json` removed',
    'there is none, as the endpoint was removed',
  ],
  [
    change('security', 'security', ['http bearer']),
    '`security`: no longer accepts `http bearer`',
    'send the credentials that the new contract requires',
  ],
])('says what a caller types, and what to do: %#', (found, line, migration) => {
  expect(noteOf(found)).toEqual({ line, migration })
})

it.each([
  ['minLength', 1, 'with at least 1 character'],
  ['maxItems', 1000, 'with at most 1000 items'],
  ['minProperties', 2, 'with at least 2 properties'],
  ['maximum', 5, 'as a number of at most 5'],
  ['minimum', 0, 'as a number of at least 0'],
  ['exclusiveMaximum', 5, 'as a number below 5'],
  ['exclusiveMinimum', 0, 'as a number above 0'],
  ['multipleOf', 2, 'as a multiple of 2'],
  ['pattern', '^a`', 'in a form that matches `^a\\u0060`'],
  ['format', 'uuid', 'in the format `uuid`'],
  ['uniqueItems', true, 'as the new contract requires'],
])('says what %s %j means to a caller', (subject, after, advice) => {
  expect(noteOf(change('request.a', subject, undefined, after)).migration).toBe(`send \`a\` ${advice}`)
})

it('asks for nothing where nothing breaks', () => {
  const found = { ...change('request.top_n', 'field', undefined, 'optional'), class: 'compatible' } as const
  expect(noteOf(found)).toEqual({
    line: '`client.rerank`: request field `top_n` added',
    migration: undefined,
  })
})
