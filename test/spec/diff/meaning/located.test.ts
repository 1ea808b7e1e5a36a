import { expect, it } from 'vitest'
import { schemaOf } from '../../../../scripts/spec/diff/meaning/located.ts'

const schema = { type: 'string' }

it.each([
  ['its own', { schema, content: { 'application/json': { schema: {} } } }, schema, '#/a/schema'],
  [
    'that of its JSON',
    { content: { 'application/json': { schema } } },
    schema,
    '#/a/content/application~1json/schema',
  ],
  ['anything, for JSON without one', { content: { 'application/json': {} } }, true, '#/a'],
  ['anything, for another type', { content: { 'text/plain': { schema } } }, true, '#/a'],
  ['anything, where it has none', {}, true, '#/a'],
])('the schema of a parameter is %s', (_, value, found, pointer) => {
  expect(schemaOf({ value, pointer: '#/a' })).toEqual({ value: found, pointer })
})
