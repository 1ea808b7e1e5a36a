import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkUpstream } from '../../scripts/ci/check-upstream.ts'
import { body, redirect, serveUpstream } from '../helpers/upstream-server.ts'
import { edited, PINNED_TEXT, SCHEMAS } from '../scripts/document.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('reads upstream once: what is taken over is what was judged', async () => {
  const { url, requests } = await serveUpstream(body(JSON.stringify(edited(['/info/version', '2']))))
  const { temp, outputs } = await check(url)
  expect(requests).toHaveLength(1)
  expect(outputs).toBe('class=version\nbreaks=\nresult=checked\ndrifted=true\n')
  expect(JSON.parse(readFileSync(join(temp, 'upstream.json'), 'utf8'))).toEqual(
    edited(['/info/version', '2']),
  )
})

it('sets no output and no Markdown from upstream’s words', async () => {
  const version = '2 class=none @team <b>[x](http://x)'
  const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/version', version]))))
  const { temp, outputs } = await check(url)
  expect(outputs).toBe('class=version\nbreaks=\nresult=checked\ndrifted=true\n')
  for (const name of ['summary', 'drift.md']) {
    const shown = readFileSync(join(temp, name), 'utf8').replaceAll(/`[^`\n]*`/g, '')
    expect(shown).not.toMatch(/@team|<b>|\]\(/)
  }
})

it('is green and says why where upstream cannot be checked', async () => {
  const { url } = await serveUpstream(redirect('http://127.0.0.2/`@team`'))
  const { temp, code, outputs, printed } = await check(url)
  expect(code).toBe(0)
  expect(outputs).toBe('class=unknown\nbreaks=\nresult=unchecked\ndrifted=false\n')
  expect(printed).toEqual([
    expect.stringMatching(/^::warning::upstream could not be checked: .*another host/),
  ])
  expect(readFileSync(join(temp, 'summary'), 'utf8')).toMatch(
    /^## Upstream could not be checked\n\n`[^`]+`\n$/,
  )
})

it('tells a document that is refused from one that cannot be read', async () => {
  const remote = edited([`${SCHEMAS}/ServiceTier`, { $ref: 'https://other.example/tier.json' }])
  const { url } = await serveUpstream(body(JSON.stringify(remote)))
  const { code, outputs, printed } = await check(url)
  expect({ code, outputs }).toEqual({
    code: 0,
    outputs: 'class=unknown\nbreaks=\nresult=refused\ndrifted=false\n',
  })
  expect(printed).toEqual([expect.stringMatching(/^::warning::upstream’s document was rejected: #\//)])
})

describe('a fault of our own fails at once,', () => {
  it.each([
    ['without a pinned contract', undefined, 'there is no openapi.json'],
    ['with a pinned contract of nothing', '{}', 'the pinned openapi.json is not usable; restore it: '],
  ])('%s', async (_, pinned, message) => {
    const { url } = await serveUpstream(body(PINNED_TEXT))
    const root = temporaryFolder()
    if (pinned !== undefined) writeFileSync(join(root, 'openapi.json'), pinned)
    const { temp, code, outputs, printed } = await check(url, root)
    expect(code).toBe(1)
    expect(outputs).toBe('class=unknown\nbreaks=\nresult=failed\ndrifted=false\n')
    expect(printed).toEqual([expect.stringContaining(`::error::the check itself failed: ${message}`)])
    expect(readFileSync(join(temp, 'summary'), 'utf8')).toMatch(/^## The check itself failed\n\n`[^`]+`\n$/)
  })

  it('also while upstream cannot be read', async () => {
    const { url } = await serveUpstream(body('<html>', 'text/html'))
    expect(await check(url, temporaryFolder())).toMatchObject({ code: 1 })
  })
})

it('says what to do above the changes, where nothing cuts it off', async () => {
  const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/version', '2']))))
  const { temp } = await check(url)
  const proposal = readFileSync(join(temp, 'pull-request.md'), 'utf8')
  expect(proposal).toMatch(/^## Upstream drift: version\n/)
  expect(proposal.indexOf('rebuilt every day')).toBeLessThan(proposal.indexOf('| class |'))
})

it('names what breaks by a hash', async () => {
  const { url } = await serveUpstream(
    body(JSON.stringify(edited([`${SCHEMAS}/RerankRequest/properties/user`, undefined]))),
  )
  expect((await check(url)).outputs).toMatch(/^class=breaking\nbreaks=[\da-f]{12}\nresult=checked\n/)
})

async function check(
  url: string,
  root = ROOT,
): Promise<{ temp: string; code: number; outputs: string; printed: readonly string[] }> {
  const temp = temporaryFolder()
  const printed: string[] = []
  const ignore = (): void => undefined
  const env = {
    OPENAPI_URL: url,
    RUNNER_TEMP: temp,
    GITHUB_OUTPUT: join(temp, 'output'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary'),
  }
  const print = (line: string): unknown => printed.push(line)
  const code = await checkUpstream({ args: [], env, root, print, complain: ignore, progress: ignore })
  return { temp, code, printed, outputs: readFileSync(join(temp, 'output'), 'utf8') }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
