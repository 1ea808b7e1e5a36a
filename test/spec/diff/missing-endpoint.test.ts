import { describe, expect, it } from 'vitest'
import { lostEssentials } from '../../../scripts/spec/diff/missing-endpoint.ts'
import { sentence } from '../../../scripts/spec/report/sentences.ts'
import { edited, POST } from '../../scripts/document.ts'

const told = (document: unknown): string[] => lostEssentials(document).map(sentence)

const ELSEWHERE = { openapi: '3.1.0', info: { version: '2' }, paths: { '/v2/rerank': {} } }

describe('a document of an API', () => {
  it('that has the endpoint lost nothing', () => {
    expect(told(edited())).toEqual([])
  })

  it('without the endpoint lost it', () => {
    expect(told(ELSEWHERE)).toEqual(['POST /v1/rerank: removed'])
  })

  it.each([
    [
      'a body that is no JSON',
      `${POST}/requestBody/content`,
      { 'text/csv': {} },
      'request: application/json removed',
    ],
    ['no body', `${POST}/requestBody`, undefined, 'request: removed'],
    [
      'responses that are no JSON',
      `${POST}/responses/200/content`,
      { 'text/csv': {} },
      'response 200: application/json removed',
    ],
    ['no such response', `${POST}/responses/200`, undefined, 'response 200: removed'],
  ])('with %s says so', (_, pointer, value, text) => {
    expect(told(edited([pointer, value]))).toEqual([text])
  })
})

describe('what is no document of an API lost nothing of one, since it is to be refused:', () => {
  it.each([
    ['no OpenAPI version', { ...ELSEWHERE, openapi: undefined }],
    ['one that is no text', { ...ELSEWHERE, openapi: 3.1 }],
    ['one of another kind', { ...ELSEWHERE, openapi: '2.3.' }],
    ['no paths', { ...ELSEWHERE, paths: undefined }],
    ['empty paths', { ...ELSEWHERE, paths: {} }],
    ['no version', { ...ELSEWHERE, info: {} }],
    ['a version that is no text', { ...ELSEWHERE, info: { version: 2 } }],
    ['nothing at all', null],
  ])('%s', (_, document) => {
    expect(told(document)).toEqual([])
  })
})
