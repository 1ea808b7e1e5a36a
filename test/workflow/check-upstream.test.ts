import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { checkUpstream } from '../../scripts/workflow/check-upstream.ts'
import { annotation } from '../../scripts/workflow/runner.ts'
import { body, redirect, serveUpstream } from '../helpers/upstream-server.ts'
import { edited } from '../scripts/document.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('reads upstream once: what is taken over is what was judged', async () => {
  const { url, requests } = await serveUpstream(body(JSON.stringify(edited(['/info/version', '2']))))
  const { temp, outputs } = await check(url)
  expect(requests).toHaveLength(1)
  expect(outputs).toBe('class=version\nresult=checked\ndrifted=true\n')
  expect(JSON.parse(readFileSync(join(temp, 'upstream.json'), 'utf8'))).toEqual(
    edited(['/info/version', '2']),
  )
})

it('sets no output and no Markdown from upstream’s words', async () => {
  const version = '2 class=none @team <b>[x](http://x)'
  const { url } = await serveUpstream(body(JSON.stringify(edited(['/info/version', version]))))
  const { temp, outputs } = await check(url)
  expect(outputs).toBe('class=version\nresult=checked\ndrifted=true\n')
  for (const name of ['summary', 'drift.md']) {
    const shown = readFileSync(join(temp, name), 'utf8').replaceAll(/`[^`\n]*`/g, '')
    expect(shown).not.toMatch(/@team|<b>|\]\(/)
  }
})

it('is green and says why where upstream cannot be checked', async () => {
  const { url } = await serveUpstream(redirect('http://127.0.0.2/`@team`'))
  const { temp, code, outputs, printed } = await check(url)
  expect(code).toBe(0)
  expect(outputs).toBe('class=unknown\nresult=unchecked\ndrifted=false\n')
  expect(printed).toEqual([
    expect.stringMatching(/^::warning::upstream could not be checked: .*another host/),
  ])
  expect(readFileSync(join(temp, 'summary'), 'utf8')).toMatch(
    /^## Upstream could not be checked\n\n`[^`]+`\n$/,
  )
})

it('an annotation is one line, whatever it says', () => {
  expect(annotation('error', 'a\n::add-mask::b 100%\u202E')).toBe('::error::a%0A::add-mask::b 100%25\\u202e')
})

async function check(
  url: string,
): Promise<{ temp: string; code: number; outputs: string; printed: readonly string[] }> {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  onTestFinished(() => rmSync(temp, { recursive: true }))
  const printed: string[] = []
  const ignore = (): void => undefined
  const code = await checkUpstream({
    args: [],
    env: {
      OPENAPI_URL: url,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: join(temp, 'output'),
      GITHUB_STEP_SUMMARY: join(temp, 'summary'),
    },
    root: ROOT,
    print: (line) => printed.push(line),
    complain: ignore,
    progress: ignore,
  })
  return { temp, code, printed, outputs: readFileSync(join(temp, 'output'), 'utf8') }
}
