import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { regenCommand } from '../../../scripts/spec/cli/regen.ts'
import { body, serveUpstream } from '../../helpers/upstream-server.ts'
import { edited, PINNED_TEXT, wholeApi } from '../../scripts/document.ts'
import { GENERATED } from '../../scripts/generated.ts'
import { copyOfRepository, writtenFiles } from '../../scripts/repository.ts'

interface Outcome {
  readonly code: number
  readonly printed: readonly string[]
  readonly complaints: readonly string[]
}

/** Runs the command on a copy of the repository. */
async function run(
  root: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const printed: string[] = []
  const complaints: string[] = []
  const print = (line: string): number => printed.push(line)
  const complain = (line: string): number => complaints.push(line)
  const code = await regenCommand({ args, env, root, print, complain, progress: () => undefined })
  return { code, printed, complaints }
}

describe('npm run regen', () => {
  it('exits 0 with one line when everything is current', async () => {
    const { url } = await serveUpstream(body(JSON.stringify(wholeApi(3, 3))))
    expect(await run(copyOfRepository(GENERATED), ['--from', `${url}/openapi.json`])).toEqual({
      code: 0,
      printed: ['current: 20260506-297d05704'],
      complaints: [],
    })
  })

  it('exits 0 with one line that names versions and files', async () => {
    const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/version', '20260916-b712a99a4']))))
    expect(await run(copyOfRepository(GENERATED), ['--from', url])).toEqual({
      code: 0,
      printed: [
        expect.stringMatching(
          /^regenerated 20260506-297d05704 → 20260916-b712a99a4: openapi\.json, src\/generated\/spec\.ts, specs\/[\da-f]{64}\.json, \.changeset\/upstream-[\da-f]+\.md$/,
        ),
      ],
      complaints: [],
    })
  })

  it('names one version where it stays, or was none', async () => {
    const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/title', 'Another title']))))
    const root = copyOfRepository(GENERATED)
    const regenerated = expect.stringMatching(/^regenerated 20260506-297d05704: openapi\.json, /) as unknown
    expect(await run(root, ['--from', url])).toMatchObject({ printed: [regenerated] })
    rmSync(join(root, 'openapi.json'))
    expect(await run(root, ['--from', url])).toMatchObject({
      printed: [expect.stringMatching(/^regenerated 20260506-297d05704: openapi\.json$/)],
    })
  })

  it('reads OPENAPI_URL', async () => {
    const { url, requests } = await serveUpstream(body(PINNED_TEXT))
    expect(await run(copyOfRepository(GENERATED), [], { OPENAPI_URL: `${url}/spec` })).toMatchObject({
      code: 0,
    })
    expect(requests).toEqual(['/spec'])
  })

  it('prefers --from to OPENAPI_URL', async () => {
    const root = copyOfRepository(GENERATED)
    const { url, requests } = await serveUpstream(body(PINNED_TEXT))
    const outcome = await run(root, ['--from', join(root, 'openapi.json')], { OPENAPI_URL: url })
    expect(outcome).toMatchObject({ code: 0 })
    expect(requests).toEqual([])
  })

  it('exits 2 with one line and nothing written when the document is refused', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/version', undefined]))))
    expect(await run(root, ['--from', url])).toEqual({
      code: 2,
      printed: [],
      complaints: ['regen: #/info has no "version"'],
    })
    expect(writtenFiles(root)).toEqual(before)
  })

  it('exits 2 with one line when the document cannot be read', async () => {
    const { url } = await serveUpstream(body('<!doctype html>', 'text/html'))
    expect(await run(copyOfRepository(GENERATED), ['--from', url])).toEqual({
      code: 2,
      printed: [],
      complaints: [`regen: cannot use ${url}/: HTML came instead of JSON`],
    })
  })

  it.each([
    ['an unknown flag', ['--form', 'x'], /^regen: Unknown option '--form'.*$/],
    ['a stray word', ['openapi.json'], /^regen: Unexpected argument 'openapi\.json'.*$/],
    ['an empty source', ['--from', ''], /^regen: --from needs a URL or a file$/],
    ['a check of something else', ['--check', '--from', 'x'], /^regen: --check reads the pinned contract.*$/],
  ])('exits 2 with one line for %s', async (_, args, message) => {
    expect(await run('/', args)).toEqual({
      code: 2,
      printed: [],
      complaints: [expect.stringMatching(message)],
    })
  })

  it('exits 0 and explains itself with --help', async () => {
    const { code, printed, complaints } = await run('/', ['--help'])
    expect({ code, complaints }).toEqual({ code: 0, complaints: [] })
    expect(printed.join()).toContain('--from URL|FILE')
  })
})

describe('npm run regen:check', () => {
  it('exits 0 when the committed code is what the contract generates', async () => {
    expect(await run(copyOfRepository(GENERATED), ['--check'])).toEqual({
      code: 0,
      printed: ['current: the committed code is what openapi.json generates'],
      complaints: [],
    })
  })

  it('exits 1 and says what differs and what to do', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'src/generated/spec.ts'), '')
    expect(await run(root, ['--check'])).toEqual({
      code: 1,
      printed: [],
      complaints: [
        'src/generated/spec.ts is not what openapi.json generates',
        'To fix it: npm run regen -- --from openapi.json',
      ],
    })
  })

  it('exits 1 when the contract is refused', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'openapi.json'), '{}')
    expect(await run(root, ['--check'])).toEqual({
      code: 1,
      printed: [],
      complaints: [
        'regen: the pinned openapi.json is not usable; restore it: the document is not OpenAPI 3.x',
      ],
    })
  })
})
