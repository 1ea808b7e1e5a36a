import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contractText, extractContract } from '../../../scripts/spec/contract/index.ts'
import { corrected, type Corrected } from '../../../scripts/spec/contract/overlay.ts'
import { parseJsonText } from '../../../scripts/spec/lib/json-text.ts'
import { edited, POST, SCHEMAS, TEXT, type Edit } from '../../scripts/document.ts'

const QUERY = `$.components.schemas["RerankRequest"].properties['query']`

function action(target: string, change: object, until = '20261231'): object {
  return { target, description: 'A reason', 'x-until': until, ...change }
}

async function correct(actions: unknown, document: unknown = edited()): Promise<Corrected> {
  const root = mkdtempSync(join(tmpdir(), 'overlay-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'specs'))
  const overlay = { overlay: '1.0.0', info: { title: 'Corrections', version: '1' }, actions }
  writeFileSync(
    join(root, 'specs/overlay.json'),
    typeof actions === 'string' ? actions : JSON.stringify(overlay),
  )
  return corrected(root, document)
}

describe('a correction', () => {
  it.each<readonly [what: string, action: object, edit: Edit]>([
    [
      'merges into an object',
      action(QUERY, { update: { maxLength: 9, title: 'Q' } }),
      [
        `${SCHEMAS}/RerankRequest/properties/query`,
        {
          title: 'Q',
          description: 'Query to rerank, encoded as a string.',
          type: 'string',
          examples: ['What is the capital of France?'],
          maxLength: 9,
        },
      ],
    ],
    [
      'merges into what is inside',
      action('$.components', { update: { schemas: { RerankUsage: { title: 'U' } } } }),
      [`${SCHEMAS}/RerankUsage/title`, 'U'],
    ],
    [
      'adds to a list',
      action('$.components.schemas.ServiceTier.enum', { update: 'slow' }),
      [`${SCHEMAS}/ServiceTier/enum`, ['auto', 'default', 'flex', 'no-limit', 'over-limit', 'slow']],
    ],
    [
      'adds to a list that it merges',
      action('$.components.schemas.RerankUsage', { update: { required: ['x', 'total_tokens'] } }),
      [`${SCHEMAS}/RerankUsage/required`, ['prompt_tokens', 'total_tokens', 'x']],
    ],
    [
      'removes a member',
      action(`${QUERY}.description`, { remove: true }),
      [`${SCHEMAS}/RerankRequest/properties/query/description`, undefined],
    ],
    [
      'removes an item',
      action("$.paths['/v1/rerank'].post.parameters[0]", { remove: true }),
      [`${POST}/parameters`, []],
    ],
    [
      'replaces a value',
      action('$.components.schemas.RerankDocument.properties.text.type', { update: 'integer' }),
      [`${TEXT}/type`, 'integer'],
    ],
  ])('%s', async (_, change, edit) => {
    const { document, corrections } = await correct([change])
    expect(contractText(extractContract(document))).toBe(contractText(extractContract(edited(edit))))
    expect(corrections).toMatchObject([{ reason: 'A reason', until: '20261231', state: 'applied' }])
  })

  it('leaves the document as it was', async () => {
    const before = edited()
    await correct([action(QUERY, { remove: true }), action('$.info', { update: { title: 'T' } })], before)
    expect(before).toEqual(edited())
  })

  it.each([
    ['a place that is gone', action('$.components.schemas.Gone', { update: { a: 1 } })],
    ['an item that is gone', action('$.servers[7]', { remove: true })],
    ['what is so already', action(QUERY, { update: { type: 'string', title: 'Query' } })],
    ['a list that holds it', action('$.components.schemas.ServiceTier.enum', { update: 'flex' })],
    ['a name that JavaScript knows', action('$.components.schemas.toString', { remove: true })],
  ])('of %s is idle', async (_, change) => {
    const { document, corrections } = await correct([change])
    expect(corrections).toMatchObject([{ state: 'idle' }])
    expect(document).toEqual(edited())
  })

  it('has run out once upstream is past its version, and is not applied', async () => {
    const { document, corrections } = await correct([action(QUERY, { remove: true }, '20260505-a')])
    expect(corrections).toEqual([
      { target: QUERY, reason: 'A reason', until: '20260505-a', state: 'expired' },
    ])
    expect(document).toEqual(edited())
  })

  it('sees what those before it did', async () => {
    const { corrections } = await correct([
      action(QUERY, { remove: true }),
      action(QUERY, { update: { title: 'Q' } }),
      action('$.components.schemas.RerankRequest.properties', { update: { query: { type: 'string' } } }),
    ])
    expect(corrections.map(({ state }) => state)).toEqual(['applied', 'idle', 'applied'])
  })

  it('reads of a large document its way alone', async () => {
    const bulk = `[${'{},'.repeat(50_000)}{}]`
    const text = JSON.stringify(edited()).replace('"schemas":{', `"schemas":{"Bulk":${bulk},`)
    const { document } = await correct([action(QUERY, { update: { title: 'Q' } })], parseJsonText(text))
    const expected = edited([`${SCHEMAS}/RerankRequest/properties/query/title`, 'Q'])
    expect(contractText(extractContract(document))).toBe(contractText(extractContract(expected)))
  })
})

it('nothing is corrected where there is no overlay', async () => {
  const document = edited()
  expect(await corrected(tmpdir(), document)).toEqual({ document, corrections: [] })
})

it.each<readonly [what: string, actions: unknown, message: string]>([
  ['no JSON', '{', 'specs/overlay.json is not JSON: '],
  ['another format', '{"overlay":"2.0.0"}', 'specs/overlay.json is not of OpenAPI Overlay 1.0'],
  ['no actions', [], 'specs/overlay.json has no actions; remove the file if it needs none'],
  ['an action that is text', ['$'], 'specs/overlay.json: actions[0] must be an object'],
  ['an unknown key', [action(QUERY, { copy: '$' })], 'actions[0] has "copy"; known are target, '],
  [
    'no reason',
    [{ ...action(QUERY, { remove: true }), description: ' ' }],
    'actions[0].description must be the reason',
  ],
  [
    'no version',
    [{ ...action(QUERY, { remove: true }), 'x-until': undefined }],
    'actions[0].x-until must be the last',
  ],
  ['neither change', [action(QUERY, {})], 'actions[0] must either update or remove: true'],
  [
    'both changes',
    [action(QUERY, { update: {}, remove: true })],
    'actions[0] must either update or remove: true',
  ],
  [
    'a wildcard',
    [action('$.paths.*', { remove: true })],
    'actions[0].target is "$.paths.*"; only names and indices',
  ],
  ['a filter', [action('$.servers[?@.url]', { remove: true })], 'only names and indices are supported'],
  ['no path', [action('paths', { remove: true })], 'only names and indices are supported'],
  [
    'the whole document',
    [action('$', { update: {} })],
    'actions[0].target must name a place inside the document',
  ],
])('an overlay of %s is refused', async (_, actions, message) => {
  await expect(correct(actions)).rejects.toThrow(message)
})
