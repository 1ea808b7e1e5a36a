// What three witnesses make of a change together; oasdiff's part is played.

import { describe, expect, it } from 'vitest'
import { compareDocument } from '../../../scripts/spec/diff/index.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import type { Change, Drift, DriftClass } from '../../../scripts/spec/drift.ts'
import { digestOf } from '../../../scripts/spec/contract/index.ts'
import { RefusedError } from '../../../scripts/spec/lib/failure.ts'
import { edited, POST, SCHEMAS, type Edit } from '../../scripts/document.ts'

const ANSWERED = `${SCHEMAS}/RerankDocument/properties`
const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const string = { type: 'string' }

/** A change that oasdiff finds. */
const found = (name: DriftClass, text: string, id = 'found'): Change => ({
  class: name,
  source: 'wire',
  id,
  text,
  pointer: `#${POST}`,
})

async function driftOf(
  edits: readonly Edit[],
  given: readonly Edit[],
  played: readonly Change[],
): Promise<Drift> {
  const before = extractContract(edited(...given))
  return compareDocument(before, edited(...given, ...edits), { wire: async () => [...played] })
}

describe('the witnesses tell', () => {
  it.each<[what: string, edits: Edit[], told: string[], given?: Edit[], played?: Change[]]>([
    [
      'once what the tables and the compiler say alike',
      [[`${ANSWERED}/multi_modal`, undefined]],
      [
        'breaking wire answer-property-removed #/components/schemas/RerankDocument/properties/multi_modal answer 200.results[].document.multi_modal: is gone',
      ],
    ],
    [
      'each place of which the same is said',
      [
        [`${ANSWERED}/a`, string],
        [`${ANSWERED}/b`, string],
      ],
      [
        'compatible wire answer-property-added #/components/schemas/RerankDocument/properties/a answer 200.results[].document.a: is new',
        'compatible wire answer-property-added #/components/schemas/RerankDocument/properties/b answer 200.results[].document.b: is new',
      ],
    ],
    [
      'in one line what the compiler adds',
      [[`${ANSWERED}/kind/enum`, ['a', 'b']]],
      [
        'breaking wire answer-enum-looser #/components/schemas/RerankDocument/properties/kind/enum answer 200.results[].document.kind: enum gains "b" (in types: was "a", is "a" | "b")',
      ],
      [[`${ANSWERED}/kind`, { ...string, enum: ['a'] }]],
    ],
    [
      'what both say in the same words once, as serious as either',
      [[`${ANSWERED}/level`, { type: 'integer' }]],
      [
        'breaking types name-removed #/components/schemas/RerankDocument/properties/level answer 200.results[].document.level: can be string no longer',
      ],
      [[`${ANSWERED}/level`, { anyOf: [{ type: 'integer' }, string] }]],
    ],
    [
      'what may be missing apart from what may be null',
      [
        [`${ANSWERED}/level`, { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
        [`${SCHEMAS}/RerankDocument/required`, ['text']],
      ],
      [
        'breaking wire answer-required-looser #/components/schemas/RerankDocument/properties/level answer 200.results[].document.level: is required no longer (in types: may be missing now)',
        'breaking wire answer-alternative-added #/components/schemas/RerankDocument/properties/level/anyOf/1 answer 200.results[].document.level: may be null (in types: was number, is number | null)',
      ],
      [
        [`${ANSWERED}/level`, { type: 'integer' }],
        [`${SCHEMAS}/RerankDocument/required`, ['text', 'level']],
      ],
    ],
    [
      'what the compiler alone sees',
      [[`${ANSWERED}/meta`, { type: 'object' }]],
      [
        'breaking types type-changed #/components/schemas/RerankDocument/properties/meta answer 200.results[].document.meta: was { [key: string]: string; }, is Record<string, unknown>',
        'compatible wire answer-additionalProperties-looser #/components/schemas/RerankDocument/properties/meta answer 200.results[].document.meta: additionalProperties is gone',
      ],
      [[`${ANSWERED}/meta`, { type: 'object', additionalProperties: string }]],
    ],
    [
      'of other places each for itself',
      [
        [`${ANSWERED}/meta`, { type: 'object' }],
        [`${FIELDS}/user`, undefined],
      ],
      [
        'breaking wire request-property-removed #/components/schemas/RerankRequest/properties/user request.user: is gone',
        'breaking types type-changed #/components/schemas/RerankDocument/properties/meta answer 200.results[].document.meta: was { [key: string]: string; }, is Record<string, unknown>',
        'compatible wire answer-additionalProperties-looser #/components/schemas/RerankDocument/properties/meta answer 200.results[].document.meta: additionalProperties is gone',
      ],
      [[`${ANSWERED}/meta`, { type: 'object', additionalProperties: string }]],
    ],
    [
      'what oasdiff alone sees',
      [['/info/version', '2']],
      [
        'breaking wire found #/paths/~1v1~1rerank/post removed `user`',
        'version wire version-changed #/info/version info: version was "20260506-297d05704", is "2"',
      ],
      [],
      [found('breaking', 'removed `user`')],
    ],
    [
      'not again what oasdiff sees as well',
      [[`${FIELDS}/user`, undefined]],
      [
        'breaking wire request-property-removed #/components/schemas/RerankRequest/properties/user request.user: is gone',
      ],
      [],
      [found('breaking', 'removed the request property `user`')],
    ],
    [
      'not again a body that is gone',
      [[`${POST}/responses/422/content`, undefined]],
      [
        'breaking wire answer-body-removed #/paths/~1v1~1rerank/post/responses/422 answer 422: application/json is gone',
      ],
      [],
      [found('breaking', 'removed the media type `application/json` for the response with the status `422`')],
    ],
    [
      'what oasdiff says of another field',
      [[`${FIELDS}/user`, undefined]],
      [
        'breaking wire request-property-removed #/components/schemas/RerankRequest/properties/user request.user: is gone',
        'breaking wire found #/paths/~1v1~1rerank/post removed the request property `query`',
      ],
      [],
      [found('breaking', 'removed the request property `query`')],
    ],
    [
      'what oasdiff takes more seriously',
      [[`${FIELDS}/top_n`, string]],
      [
        'breaking wire found #/paths/~1v1~1rerank/post added `top_n`',
        'compatible wire request-property-added #/components/schemas/RerankRequest/properties/top_n request.top_n: is new',
      ],
      [],
      [found('breaking', 'added `top_n`')],
    ],
    [
      'not again what stands deep',
      [[`${ANSWERED}/multi_modal`, undefined]],
      [
        'breaking wire answer-property-removed #/components/schemas/RerankDocument/properties/multi_modal answer 200.results[].document.multi_modal: is gone',
      ],
      [],
      [found('breaking', 'removed `results/items/document/multi_modal/items/`')],
    ],
    [
      'not again what names nothing',
      [[`${FIELDS}/user`, undefined]],
      [
        'breaking wire request-property-removed #/components/schemas/RerankRequest/properties/user request.user: is gone',
      ],
      [],
      [found('breaking', 'something is gone')],
    ],
    [
      'not again what is left to the tables',
      [[`${FIELDS}/user`, undefined]],
      [
        'breaking wire request-property-removed #/components/schemas/RerankRequest/properties/user request.user: is gone',
      ],
      [],
      [found('compatible', 'added `query`', 'request-body-any-of-added')],
    ],
  ])('%s', async (_, edits, told, given = [], played = []) => {
    const { changes } = await driftOf(edits, given, played)
    expect(
      changes.map(
        ({ class: name, source, id, pointer, text }) => `${name} ${source} ${id} ${pointer} ${text}`,
      ),
    ).toEqual(told)
  })
})

describe('a document is compared', () => {
  it('with the editions’ digests', async () => {
    const after = extractContract(edited(['/info/version', '2']))
    const { from, to } = await driftOf([['/info/version', '2']], [], [])
    expect(from).toEqual({ version: '20260506-297d05704', sha256: digestOf(extractContract(edited())) })
    expect(to).toEqual({ version: '2', sha256: digestOf(after) })
  })

  it('also where no contract is left', async () => {
    const { drift, to } = await driftOf(
      [
        ['/paths', { '/v2': {} }],
        ['/info/version', 'a"b'],
      ],
      [],
      [],
    )
    expect({ drift, to }).toEqual({ drift: 'breaking', to: { version: 'a\\"b', sha256: null } })
  })

  it('unless it is refused', async () => {
    await expect(driftOf([['/openapi', '2.0']], [], [])).rejects.toThrow(RefusedError)
    await expect(driftOf([['/openapi', '2.0']], [], [])).rejects.toMatchObject({
      cause: expect.any(Error) as unknown,
    })
  })
})
