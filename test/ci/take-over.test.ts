import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { refuse } from '../../scripts/ci/refuse.ts'
import { takeOver } from '../../scripts/ci/take-over.ts'
import { edited } from '../scripts/document.ts'
import { copyOfRepository, writtenFiles } from '../scripts/repository.ts'
import { playGitHub } from './played-github.ts'
import { RUN, runnerOf } from './fake-runner.ts'

const SHA = 'a'.repeat(40)

it('regenerates from the document that was judged', async () => {
  const { code, root, calls } = await takenOver(edited(['/info/version', '2']))
  expect({ code, calls }).toEqual({ code: 0, calls: [] })
  expect(writtenFiles(root)['src/generated/spec.ts']).toContain('version: "2"'.replaceAll('"', "'"))
})

it('prints nothing that the runner takes for a command of its own', async () => {
  const { printed } = await takenOver(edited(['/info/version', '1 ##[error]pwned']))
  expect(printed[0]).toContain('##[error]pwned')
  expect(printed.filter((line) => !line.startsWith('::notice::'))).toEqual([])
})

it('turns an open pull request red where the endpoint is gone, and says so on the run’s page', async () => {
  const { code, root, calls, printed } = await takenOver(edited(['/paths', { '/v2/rerank': {} }]))
  const reason = 'regen: #/paths has no "/v1/rerank"'
  expect(code).toBe(1)
  expect(printed[0]).toBe(`::error::${reason}`)
  const description = `Out of date with upstream: ${reason}`
  expect(calls.slice(1)).toEqual([
    [`POST /statuses/${SHA}`, { context: 'ready', state: 'failure', description, target_url: RUN }],
  ])
  expect(readFileSync(join(root, 'summary'), 'utf8')).toBe(
    `## Upstream’s document cannot be adopted\n\n\`${reason}\`\n`,
  )
})

it('turns an open pull request red where the check refused the document', async () => {
  const { code, calls } = await takenOver(undefined, refuse)
  const description = 'Out of date with upstream: it refers to another document'
  expect(code).toBe(1)
  expect(calls.slice(1)).toEqual([
    [`POST /statuses/${SHA}`, { context: 'ready', state: 'failure', description, target_url: RUN }],
  ])
})

async function takenOver(
  document: unknown,
  step = takeOver,
): Promise<{ code: number; root: string; calls: readonly unknown[]; printed: string[] }> {
  const root = copyOfRepository()
  if (document !== undefined) writeFileSync(join(root, 'upstream.json'), JSON.stringify(document))
  writeFileSync(join(root, 'drift.json'), JSON.stringify({ error: 'it refers to another document' }))
  const { url, calls, pulls, refs } = await playGitHub()
  pulls.push({ number: 7, state: 'open', branch: 'drift/upstream', title: '', body: '', labels: [] })
  for (const branch of ['main', 'drift/upstream']) refs.set(`heads/${branch}`, SHA)
  const printed: string[] = []
  const ignore = (): void => undefined
  const env = {
    ...runnerOf(url),
    RUNNER_TEMP: root,
    GITHUB_STEP_SUMMARY: join(root, 'summary'),
  }
  const print = (line: string): unknown => printed.push(line)
  const code = await step({ args: [], env, root, print, complain: ignore, progress: ignore })
  return { code, root, calls, printed }
}
