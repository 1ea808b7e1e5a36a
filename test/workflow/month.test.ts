// A month of upstream, as drift.yml lives through it: each day's document is checked and, where it drifted, taken over
// by the same steps, on a copy of the repository.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as prettier from 'prettier'
import { expect, it, vi } from 'vitest'
import { regenCommand } from '../../scripts/pipeline/commands/regen-command.ts'
import { checkUpstream } from '../../scripts/workflow/check-upstream.ts'
import { body, serveUpstream, status, type Answer } from '../helpers/upstream-server.ts'
import { edited, POST, SCHEMAS, type Edit } from '../scripts/document.ts'
import { runDrift } from '../scripts/drift-run.ts'
import { GENERATED } from '../scripts/generated.ts'
import { copyOfRepository, writtenFiles } from '../scripts/repository.ts'
import { mistakesWith } from './suite.ts'

// The back-off between tries, which this test is not about.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

/** What a day brings. */
interface Day {
  readonly what: string
  readonly answer: Answer
  readonly class: string
  /** Of `npm run drift`. */
  readonly exit: number
  /** Of the job summary. @default by the class */
  readonly headline?: string
  /** Of the changeset that is written. */
  readonly bump?: string
  /** Of `npm run regen`, where there is a drift. @default 0 */
  readonly regen?: number
  /** What is written beside a changeset. */
  readonly written?: readonly string[]
  /** Where the package or its type tests stop compiling, and the first mistake there. */
  readonly breaks?: Readonly<Record<string, unknown>>
}

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const VERSION: Edit = ['/info/version', '20260916-b712a99a4']
const WORDS: Edit = [`${POST}/summary`, 'Rerank documents by relevance']
const NULLABLE_TIER: readonly Edit[] = [
  ['/info/version', '20260930-cfb76be12'],
  [`${FIELDS}/service_tier/allOf`, undefined],
  [`${FIELDS}/service_tier/anyOf`, [{ $ref: '#/components/schemas/ServiceTier' }, { type: 'null' }]],
]
const TOP_N: Edit = [`${FIELDS}/top_n`, { title: 'Top N', anyOf: [{ type: 'integer' }, { type: 'null' }] }]
const NO_USER: Edit = [`${FIELDS}/user`, undefined]
const GONE: Edit = ['/paths', { '/v2/rerank': { post: { responses: {} } } }]

const ALL = ['openapi.json', 'src/generated/schema.ts', 'src/generated/spec.ts']
const CONTRACT = ['openapi.json', 'src/generated/spec.ts']
const UNKNOWN = { class: 'unknown', exit: 2, headline: '## Upstream could not be checked' } as const
const REFUSED = { ...UNKNOWN, headline: '## Upstream’s document is refused' } as const

const MONTH: readonly Day[] = [
  { what: 'nothing', answer: serving(), class: 'none', exit: 0 },
  {
    what: 'a new version',
    answer: serving(VERSION),
    class: 'version',
    exit: 0,
    bump: 'patch',
    written: CONTRACT,
  },
  {
    what: 'other words',
    answer: serving(VERSION, WORDS),
    class: 'docs',
    exit: 1,
    bump: 'patch',
    written: ALL,
  },
  {
    what: 'service_tier may be null',
    answer: serving(WORDS, ...NULLABLE_TIER),
    class: 'compatible',
    exit: 1,
    bump: 'minor',
    written: ALL,
  },
  { what: 'an outage', answer: status(503), ...UNKNOWN },
  {
    what: 'HTML instead of JSON',
    answer: body('<!doctype html><h1>Back soon</h1>', 'text/html'),
    ...UNKNOWN,
  },
  { what: 'half a document', answer: body('{"openapi": "3.1.0", "info"'), ...UNKNOWN },
  { what: 'a document of something else', answer: body('{"openapi": "3.1.0"}'), ...REFUSED },
  {
    what: 'an added top_n',
    answer: serving(WORDS, ...NULLABLE_TIER, TOP_N),
    class: 'compatible',
    exit: 1,
    bump: 'minor',
    written: ALL,
  },
  {
    what: 'a removed field',
    answer: serving(WORDS, ...NULLABLE_TIER, TOP_N, NO_USER),
    class: 'breaking',
    exit: 1,
    bump: 'major',
    written: ALL,
    breaks: {
      'src/adapters/ai-sdk.ts': expect.stringContaining("'user' does not exist") as unknown,
      'test/types.test-d.ts': expect.stringContaining("'user' does not exist") as unknown,
    },
  },
  { what: 'the endpoint is gone', answer: serving(GONE), class: 'breaking', exit: 1, regen: 2 },
  { what: 'a rollback', answer: serving(), class: 'breaking', exit: 1, written: ALL },
]

it('a month of upstream', { timeout: 120_000 }, async () => {
  const upstream = await serveUpstream((response, request) => answer(response, request))
  const root = copyOfRepository(GENERATED)
  const start = writtenFiles(root)
  let answer = MONTH[0]?.answer ?? status(404)
  for (const day of MONTH) {
    answer = day.answer
    expect(await live(root, upstream.url), day.what).toEqual({
      class: day.class,
      exit: day.exit,
      headline: day.headline ?? `## Upstream drift: ${day.class}`,
      written: day.written ?? [],
      regen: day.regen ?? (['none', 'unknown'].includes(day.class) ? undefined : 0),
      bumps: day.bump === undefined ? [] : [day.bump],
      breaks: day.breaks ?? {},
    })
  }
  // The contract is what it was, and nothing is left to announce.
  expect(writtenFiles(root)).toEqual(start)
})

/** One day: the check, and the regeneration where there is a drift. */
async function live(root: string, url: string): Promise<object> {
  const before = writtenFiles(root)
  const { code: exit } = await runDrift(root, ['--from', url])
  const { outputs, summary, temp } = await workflowStep(root, url)
  const drifted = outputs['drifted'] === 'true'
  const regenerated = drifted ? await regen(root, ['--from', join(temp, 'upstream.json')]) : undefined
  if (drifted) expect(await regen(root, ['--check'])).toBe(0)
  const after = writtenFiles(root)
  const changed = Object.keys(after).filter((path) => after[path] !== before[path])
  const changesets = changed.filter((path) => path.startsWith('.changeset/'))
  return {
    class: outputs['class'],
    exit,
    headline: summary.split('\n')[0],
    regen: regenerated,
    written: changed.filter((path) => !changesets.includes(path)),
    bumps: await Promise.all(changesets.map((path) => bumpOf(after[path] ?? ''))),
    breaks: changed.length === 0 ? {} : mistakesWith(after),
  }
}

/** The step of the workflow, with what the runner would find afterwards. */
async function workflowStep(
  root: string,
  url: string,
): Promise<{ outputs: Partial<Record<string, string>>; summary: string; temp: string }> {
  const temp = join(root, 'runner')
  const [output, page] = [join(temp, 'output'), join(temp, 'summary')]
  mkdirSync(temp, { recursive: true })
  for (const file of [output, page]) writeFileSync(file, '')
  const env = { OPENAPI_URL: url, RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: page }
  expect(await checkUpstream({ args: [], env, root, ...SILENT })).toBe(0)
  const lines = readFileSync(output, 'utf8').matchAll(/^(\w+)=(.*)$/gm)
  const outputs = Object.fromEntries([...lines].map(([, name = '', value]) => [name, value]))
  return { outputs, summary: readFileSync(page, 'utf8'), temp }
}

async function regen(root: string, args: readonly string[]): Promise<number> {
  return regenCommand({ args, env: {}, root, ...SILENT })
}

/** The bump of a changeset, which has to be as prettier writes it: the full check looks. */
async function bumpOf(changeset: string): Promise<string | undefined> {
  const options = await prettier.resolveConfig(new URL('../../package.json', import.meta.url))
  expect(await prettier.format(changeset, { ...options, parser: 'markdown' })).toBe(changeset)
  return /^'nebius-rerank': (\w+)$/m.exec(changeset)?.[1]
}

function serving(...edits: readonly Edit[]): Answer {
  return body(JSON.stringify(edited(...edits)))
}

const ignore = (): void => undefined
const SILENT = { print: ignore, complain: ignore, progress: ignore }
