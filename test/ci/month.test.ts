// A month of upstream, as drift.yml lives through it: each day's document is checked and, where it drifted, taken over
// by the same steps, on a copy of the repository.

import * as prettier from 'prettier'
import { expect, it } from 'vitest'
import { regenCommand } from '../../scripts/spec/cli/regen.ts'
import { checkUpstream } from '../../scripts/ci/check-upstream.ts'
import { proposeDrift } from '../../scripts/ci/propose-drift.ts'
import { refuse } from '../../scripts/ci/refuse.ts'
import { settle } from '../../scripts/ci/settle.ts'
import { takeOver } from '../../scripts/ci/take-over.ts'
import { body, serveUpstream, status, type Answer } from '../helpers/upstream-server.ts'
import { edited, POST, SCHEMAS, type Edit } from '../scripts/document.ts'
import { runDrift } from '../scripts/drift-run.ts'
import { GENERATED } from '../scripts/generated.ts'
import { copyOfRepository, writtenFiles } from '../scripts/repository.ts'
import { playGitHub } from './played-github.ts'
import { pushMain, runnerIn, runnerOf, type Runner } from './fake-runner.ts'
import type { GitHub } from './state.ts'
import { mistakesWith } from './suite.ts'

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
  /** The pull request in the evening, if one is open: its label for the class, and whether it may be merged. */
  readonly pull?: readonly [label: string, state: 'green' | 'red']
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

const TYPES = ['openapi.json', 'src/generated/rerank.ts', 'src/generated/schema.ts', 'src/generated/spec.ts']
const SAME_VERSION = TYPES.filter((path) => !path.includes('spec.ts'))
const COMMENTS = SAME_VERSION.filter((path) => !path.includes('rerank'))
const CONTRACT = ['openapi.json', 'src/generated/spec.ts']
const TRACKED = ['package.json', 'openapi.json', 'src', 'specs', '.changeset']
const UNKNOWN = { class: 'unknown', exit: 2, headline: '## Upstream could not be checked' } as const
const REFUSED = { ...UNKNOWN, headline: '## Upstream’s document was rejected' } as const

const MONTH: readonly Day[] = [
  { what: 'nothing', answer: serving(), class: 'none', exit: 0 },
  {
    what: 'schemas under other names',
    answer: body(JSON.stringify(edited()).replace(/(?<=")(?:[^"]+\/)?RerankDocument(?="[:}])/g, '$&-Output')),
    class: 'none',
    exit: 0,
  },
  {
    what: 'a new version',
    answer: serving(VERSION),
    class: 'version',
    exit: 0,
    bump: 'patch',
    written: CONTRACT,
    pull: ['version', 'green'],
  },
  {
    what: 'other words',
    answer: serving(VERSION, WORDS),
    class: 'docs',
    exit: 1,
    bump: 'patch',
    written: COMMENTS,
    pull: ['docs', 'green'],
  },
  {
    what: 'service_tier may be null',
    answer: serving(WORDS, ...NULLABLE_TIER),
    class: 'compatible',
    exit: 1,
    bump: 'minor',
    written: TYPES,
    pull: ['compatible', 'green'],
  },
  { what: 'an outage', answer: status(404), ...UNKNOWN, pull: ['compatible', 'green'] },
  {
    what: 'HTML instead of JSON',
    answer: body('<!doctype html><h1>Back soon</h1>', 'text/html'),
    ...UNKNOWN,
    pull: ['compatible', 'green'],
  },
  {
    what: 'half a document',
    answer: body('{"openapi": "3.1.0", "info"'),
    ...UNKNOWN,
    pull: ['compatible', 'green'],
  },
  {
    what: 'a document of something else',
    answer: body('{"openapi": "3.1.0"}'),
    ...REFUSED,
    pull: ['compatible', 'red'],
  },
  {
    what: 'an added top_n',
    answer: serving(WORDS, ...NULLABLE_TIER, TOP_N),
    class: 'compatible',
    exit: 1,
    bump: 'minor',
    written: SAME_VERSION,
    pull: ['compatible', 'green'],
  },
  {
    what: 'a removed field',
    answer: serving(WORDS, ...NULLABLE_TIER, TOP_N, NO_USER),
    class: 'breaking',
    exit: 1,
    bump: 'major',
    written: SAME_VERSION,
    pull: ['breaking', 'red'],
    breaks: {
      'src/adapters/ai-sdk.ts': expect.stringContaining("'user' does not exist") as unknown,
      'src/rank/rank.ts': expect.stringContaining("'user' does not exist") as unknown,
      'test/api/types.test-d.ts': expect.stringContaining("'user' does not exist") as unknown,
    },
  },
  {
    what: 'the endpoint is gone',
    answer: serving(GONE),
    class: 'breaking',
    exit: 1,
    pull: ['breaking', 'red'],
  },
  {
    what: 'a rollback',
    answer: serving(),
    class: 'breaking',
    exit: 1,
    written: TYPES,
    pull: ['breaking', 'red'],
  },
  { what: 'a quiet day', answer: serving(), class: 'none', exit: 0 },
]

it('a month of upstream', { timeout: 120_000 }, async () => {
  const upstream = await serveUpstream((response, request) => answer(response, request))
  const github = await playGitHub()
  const root = copyOfRepository(GENERATED)
  const start = writtenFiles(root)
  let answer = MONTH[0]?.answer ?? status(404)
  let isMerged = false
  for (const day of MONTH) {
    answer = day.answer
    // What was proposed the day before is merged, but for the pull request, which stays for this day.
    if (!isMerged) pushMain(github, root, TRACKED)
    expect(await live(root, upstream.url, github), day.what).toEqual({
      class: day.class,
      exit: day.exit,
      headline: day.headline ?? `## Upstream drift: ${day.class}`,
      written: day.written ?? [],
      bumps: day.bump === undefined ? [] : [day.bump],
      breaks: day.breaks ?? {},
      pull: day.pull,
    })
    isMerged = day.written === undefined
  }
  // The contract is what it was, and nothing is left to announce.
  expect(writtenFiles(root)).toEqual(start)
})

/** One day: what a maintainer sees, and the workflow's steps one after the other. */
async function live(root: string, url: string, github: GitHub): Promise<object> {
  const before = writtenFiles(root)
  const { code: exit } = await runDrift(root, ['--from', url])
  const runner = runnerIn(root, { OPENAPI_URL: url, ...runnerOf(github.url) })
  expect(await checkUpstream(runner.step())).toBe(0)
  const headline = runner.read('summary').split('\n')[0]
  const outputs = runner.outputs()
  if (outputs['result'] === 'refused') expect(await refuse(runner.step())).toBe(1)
  const isTaken = outputs['drifted'] === 'true' && (await takeOver(runner.step())) === 0

  const after = writtenFiles(root)
  const changed = Object.keys(after).filter((path) => after[path] !== before[path])
  const changesets = changed.filter((path) => path.startsWith('.changeset/'))
  // Comments stop nothing from compiling, and where other types come, named ones are among them.
  const breaks = changed.includes('src/generated/rerank.ts') ? mistakesWith(after) : {}
  if (isTaken) expect(await regenCommand({ ...runner.step(), args: ['--check'] })).toBe(0)
  if (isTaken || outputs['class'] === 'none')
    await propose(github, runner, Object.keys(breaks).length === 0 ? 'success' : 'failure')
  return {
    class: outputs['class'],
    exit,
    headline,
    written: changed.filter((path) => !changesets.includes(path)),
    bumps: await Promise.all(changesets.map((path) => bumpOf(after[path] ?? ''))),
    breaks,
    pull: pullOf(github),
  }
}

/** Proposes what was taken over, and settles it. */
async function propose(github: GitHub, runner: Runner, check: string): Promise<void> {
  const { class: drift = '', breaks = '' } = runner.outputs()
  await proposeDrift(runner.step({ DRIFT_CLASS: drift, DRIFT_BREAKS: breaks }))
  const { number, head } = runner.outputs()
  if (number === undefined || head === undefined) return
  const code = await settle(runner.step({ CHECK_OUTCOME: check, PULL_REQUEST: number, HEAD_SHA: head }))
  expect(code).toBe(pullOf(github)?.[1] === 'green' ? 0 : 1)
}

function pullOf(github: GitHub): Day['pull'] {
  const pull = github.open()
  if (!pull) return undefined
  const label = pull.labels.find((name) => name.startsWith('drift:')) ?? ''
  return [label.replace('drift:', ''), github.state('ready') === 'success' ? 'green' : 'red']
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
