import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf, extractContract } from '../../../scripts/spec/contract/index.ts'
import { FORMATS } from '../../../scripts/spec/report/index.ts'
import { historyPath, historyText } from '../../../scripts/spec/release/history.ts'
import { body, serveUpstream, status } from '../../helpers/upstream-server.ts'
import { edited, PINNED_TEXT, POST, SCHEMAS, wholeApi, type Edit } from '../../scripts/document.ts'
import { runDrift, upstreamFile } from '../../scripts/drift-run.ts'
import { copyOfRepository, writtenFiles } from '../../scripts/repository.ts'

const VERSION: Edit = ['/info/version', '20260916-b712a99a4']
const WORDS: Edit = [`${POST}/summary`, 'Rerank']
const TOP_N: Edit = [`${SCHEMAS}/RerankRequest/properties/top_n`, { type: 'integer' }]
const GONE: Edit = [`${SCHEMAS}/RerankRequest/properties/user`, undefined]

async function driftOf(document: unknown, ...args: readonly string[]): ReturnType<typeof runDrift> {
  const root = copyOfRepository()
  return runDrift(root, ['--from', upstreamFile(root, document), ...args])
}

describe('npm run drift', () => {
  it.each([
    ['none', wholeApi(3, 3), 0],
    ['version', edited(VERSION), 0],
    ['docs', edited(WORDS), 1],
    ['compatible', edited(TOP_N), 1],
    ['breaking', edited(GONE), 1],
  ])('says %s', async (name, document, code) => {
    const outcome = await driftOf(document)
    expect(outcome).toMatchObject({ code, complaints: [] })
    expect(outcome.printed.join('\n')).toMatch(new RegExp(`^${name}: `))
  })

  it.each([
    ['version', 1, 1, 1],
    ['docs', 0, 1, 1],
    ['compatible', 0, 1, 1],
    ['breaking', 0, 0, 1],
  ])('exits with 1 from --fail-on %s on', async (name, onVersion, onTopN, onGone) => {
    const codes = [VERSION, TOP_N, GONE].map(async (edit) => {
      const root = copyOfRepository()
      const args = ['--from', upstreamFile(root, edited(edit)), '--fail-on', name]
      return (await runDrift(root, args)).code
    })
    expect(await Promise.all(codes)).toEqual([onVersion, onTopN, onGone])
  })

  it('prints json alone, in the documented shape', async () => {
    const { printed } = await driftOf(edited(VERSION, TOP_N), '--format', 'json')
    expect(printed).toHaveLength(1)
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      drift: 'compatible',
      bump: 'minor',
      from: { version: '20260506-297d05704', sha256: expect.stringMatching(/^[\da-f]{64}$/) as unknown },
      to: { version: '20260916-b712a99a4', sha256: expect.stringMatching(/^[\da-f]{64}$/) as unknown },
      changes: [
        {
          class: 'compatible',
          source: 'wire',
          kind: 'request-field-added',
          path: 'request.top_n',
          text: 'request.top_n: added, optional',
          pointer: '#/components/schemas/RerankRequest/properties/top_n',
          advice: 'run regen, and mention it in the README',
        },
        {
          class: 'version',
          source: 'wire',
          kind: 'version-changed',
          path: 'info',
          text: 'info: version was "20260506-297d05704", is now "20260916-b712a99a4"',
          pointer: '#/info/version',
          advice: 'run regen',
        },
      ],
    })
  })

  it('compares any two contracts: by digest, by version or by file', async () => {
    const root = copyOfRepository()
    const newer = extractContract(edited(VERSION, TOP_N))
    writeFileSync(join(root, historyPath(newer)), historyText(newer, '2026-11-25'))
    const file = upstreamFile(root, edited(VERSION, GONE))
    const verdict = async (from: string, to: string): Promise<unknown> => {
      const { printed, complaints } = await runDrift(root, ['--from', from, '--to', to])
      return complaints[0] ?? printed[0]?.split(':')[0]
    }
    expect(await verdict('20260506-297d05704', digestOf(newer))).toBe('compatible')
    expect(await verdict(digestOf(newer).slice(0, 12), '20260506-297d05704')).toBe('breaking')
    expect(await verdict('20260916-b712a99a4', '20260916-b712a99a4')).toBe('none')
    expect(await verdict('20260506-297d05704', file)).toBe('breaking')
    expect(await verdict(file, file)).toBe('none')
  })

  it('compares with the pinned contract where --to stands alone', async () => {
    const root = copyOfRepository()
    const { printed } = await runDrift(root, ['--to', upstreamFile(root, edited(TOP_N))])
    expect(printed[0]).toMatch(/^compatible: /)
  })

  it.each([
    ['', /^drift: --to needs a digest, a version, a URL or a file$/],
    [
      '20990101',
      /^drift: "20990101" is not a file, a URL or one of specs\/, which has 20260506-297d05704 \(815e35eab277\); name one by its version/,
    ],
  ])('exits 2 where --to is "%s"', async (name, message) => {
    const { code, complaints } = await runDrift(copyOfRepository(), ['--to', name])
    expect(code).toBe(2)
    expect(complaints).toEqual([expect.stringMatching(message)])
  })

  it.each(FORMATS)('reports in %s what was corrected', async (format) => {
    const root = copyOfRepository()
    const action = { target: '$.info', description: 'Misspelt', 'x-until': '20260101', remove: true }
    const overlay = { overlay: '1.0.0', info: { title: 'Corrections', version: '1' }, actions: [action] }
    writeFileSync(join(root, 'specs/overlay.json'), JSON.stringify(overlay))
    const { printed } = await runDrift(root, [
      '--from',
      upstreamFile(root, edited(VERSION)),
      '--format',
      format,
    ])
    expect(printed.join('\n')).toMatch(/has expired and was not applied|"state": "expired"/)
  })

  it('tells one change in one line, though both checkers saw it', async () => {
    const { printed } = await driftOf(
      edited([`${SCHEMAS}/RerankDocument/properties/text/type`, ['string', 'null']]),
    )
    expect(printed.join('\n').split('\n').slice(1)).toEqual([
      expect.stringMatching(
        /^ {2}breaking {2}response 200\.results\[\]\.document\.text: was string, is now null or string {2}\[#\/components\/schemas\/RerankDocument\/properties\/text\] {2}→ /,
      ),
    ])
  })

  it.each([
    ['report.json', /^\{\n {2}"drift": "docs"/],
    ['report.md', /^## Upstream drift: docs\n/],
    ['report.txt', /^docs: only descriptions changed/],
  ])('writes a second report to %s', async (name, expected) => {
    const root = copyOfRepository()
    const path = join(root, name)
    const { printed } = await runDrift(root, [
      '--from',
      upstreamFile(root, edited(WORDS)),
      '--format',
      'github',
      '--report',
      path,
    ])
    expect(readFileSync(path, 'utf8')).toMatch(expected)
    expect(printed.join('\n')).toMatch(/^::notice /)
  })

  it.each(['openapi.json', 'package.json', 'upstream.json'])('writes no report over %s', async (name) => {
    const root = copyOfRepository()
    const from = upstreamFile(root, edited(WORDS))
    const before = readFileSync(join(root, name), 'utf8')
    const { code, complaints } = await runDrift(root, ['--from', from, '--report', join(root, name)])
    expect(code).toBe(2)
    expect(complaints).toEqual([expect.stringMatching(/: the comparison reads it; name another file$/)])
    expect(readFileSync(join(root, name), 'utf8')).toBe(before)
  })

  it('leaves no earlier report where it cannot check', async () => {
    const root = copyOfRepository()
    const path = join(root, 'report.json')
    writeFileSync(path, '{"drift":"none"}')
    expect((await runDrift(root, ['--from', join(root, 'absent.json'), '--report', path])).code).toBe(2)
    expect(existsSync(path)).toBe(false)
  })

  it('changes nothing in the repository', async () => {
    const root = copyOfRepository()
    const before = writtenFiles(root)
    await runDrift(root, ['--from', upstreamFile(root, edited(GONE))])
    expect(writtenFiles(root)).toEqual(before)
  })

  it('reads OPENAPI_URL', async () => {
    const { url } = await serveUpstream(body(PINNED_TEXT))
    expect(await runDrift(copyOfRepository(), [], { OPENAPI_URL: url })).toMatchObject({ code: 0 })
  })

  it('explains itself with --help', async () => {
    const { code, printed } = await runDrift('/', ['--help'])
    expect(code).toBe(0)
    expect(printed.join()).toContain('2 could not check')
  })
})

describe('npm run drift could not check, and exits with 2,', () => {
  it.each([
    ['an outage', status(404), /^drift: cannot use .*: it responded with 404$/],
    ['HTML', body('<!doctype html>', 'text/html'), /^drift: cannot use .*: HTML came instead of JSON$/],
  ])('after %s', async (_, answer, message) => {
    const { url } = await serveUpstream(answer)
    expect(await runDrift(copyOfRepository(), ['--from', url])).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(message)],
    })
  })

  it.each([
    ['an empty document', {}],
    ['an API without paths', { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: {} }],
    ['a Swagger document', edited(['/openapi', undefined], ['/swagger', '2.0'])],
    ['no version', edited(['/info/version', undefined])],
    ['a remote reference', edited([`${SCHEMAS}/RerankDocument`, { $ref: 'https://example.com/' }])],
    ['a reference to nothing', edited([`${SCHEMAS}/RerankDocument`, undefined])],
  ])('of %s', async (_, document) => {
    expect(await driftOf(document)).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(/^drift: /)],
    })
  })

  it('without a pinned contract', async () => {
    const root = copyOfRepository()
    const from = upstreamFile(root, PINNED_TEXT)
    rmSync(join(root, 'openapi.json'))
    expect(await runDrift(root, ['--from', from])).toEqual({
      code: 2,
      printed: [],
      complaints: ['drift: there is no openapi.json'],
    })
  })

  it.each([
    ['broken', '<<<<<<< HEAD'],
    ['empty', ''],
    ['of nothing', '{}'],
  ])('with a pinned contract that is %s', async (_, text) => {
    const root = copyOfRepository()
    const from = upstreamFile(root, PINNED_TEXT)
    writeFileSync(join(root, 'openapi.json'), text)
    expect(await runDrift(root, ['--from', from])).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(/^drift: the pinned openapi\.json is not usable; restore it: /)],
    })
  })

  it.each([
    ['is a folder', 'folder.md', /folder\.md: it is a folder; name a file in it$/],
    ['is in no folder', 'none/report.md', /none\/report\.md: there is no folder .*none; make it first, or /],
    [
      'is below a file',
      'package.json/x.md',
      /x\.md: .*package\.json is not a folder; name a file elsewhere$/,
    ],
    ['is a link to itself', 'loop.md', /loop\.md: ELOOP: /],
  ])('before it reads upstream, when the report %s', async (_, name, message) => {
    const root = copyOfRepository()
    mkdirSync(join(root, 'folder.md'))
    symlinkSync('loop.md', join(root, 'loop.md'))
    const { url, requests } = await serveUpstream(body(PINNED_TEXT))
    const outcome = await runDrift(root, ['--from', url, '--report', join(root, name)])
    expect(outcome).toMatchObject({ code: 2, printed: [] })
    expect(outcome.complaints).toEqual([expect.stringMatching(/^drift: cannot write the report \//)])
    expect(outcome.complaints[0]).toMatch(message)
    expect(requests).toEqual([])
  })

  it.each([
    ['an unknown flag', ['--form', 'x'], /^drift: Unknown option '--form'; --help shows the options$/],
    ['a stray word', ['upstream.json'], /^drift: Unexpected argument 'upstream\.json'; --help shows/],
    ['a flag without its value', ['--format'], /^drift: Option '--format <value>' argument missing; --help/],
    ['an unknown class', ['--fail-on', 'none'], /^drift: --fail-on is "none", not one of version, docs, /],
    ['an unknown format', ['--format', 'html'], /^drift: --format is "html", not one of text, json, /],
    [
      'a report of unknown format',
      ['--report', 'x.html'],
      /^drift: --report is "x\.html"; it needs a file that ends with \.txt, /,
    ],
    ['an empty source', ['--from', ''], /^drift: --from needs a URL or a file$/],
  ])('for %s', async (_, args, message) => {
    expect(await runDrift('/', args)).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(message)],
    })
  })
})

describe('an endpoint that is gone', () => {
  it('is a break and not a failure, though no contract is left', async () => {
    const outcome = await driftOf(edited(['/paths', { '/v2/rerank': { post: {} } }]), '--format', 'json')
    expect(outcome).toMatchObject({ code: 1, complaints: [] })
    expect(JSON.parse(outcome.printed[0] ?? '')).toMatchObject({
      drift: 'breaking',
      to: { version: '20260506-297d05704', sha256: null },
      changes: [{ kind: 'endpoint-removed', text: 'POST /v1/rerank: removed' }],
    })
  })
})
