import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { driftOf } from '../scripts/spec/drift.ts'
import type { Change } from '../scripts/spec/drift.ts'
import { changesetFor } from '../scripts/spec/release/changeset.ts'
import { report } from '../scripts/spec/report/index.ts'
import { loadCommand } from './helpers/loaded-command.ts'
import { proseOfCode, proseOfHtml, proseOfPage, proseOfTerminal, proseOfYaml } from './helpers/prose.ts'
import { sentencesIn, wordsIn } from './helpers/prose.ts'
import type { Passage } from './helpers/prose.ts'

const root = new URL('../', import.meta.url)

/** Words that mean something else here, or nothing, and what is said in their place. */
const BANNED: readonly [RegExp, string][] = [
  [/\banswer(?:s|ed|ing)?\b/i, 'response, respond'],
  [/\bpac(?:e|ed|es|ing)\b/i, 'rate limiter'],
  [/\bunder way\b/i, 'in flight'],
  [/\b(?:held|hold|holds|holding) back\b/i, 'wait'],
  [/\bfaults?\b(?! injection)/i, 'issue, failure'],
  [/\bwitness(?:es)?\b/i, 'checker'],
  [/\breads? otherwise\b|\bcan be null no longer\b/i, 'changed, no longer nullable'],
  [/\b(?:is|are|was|were|been|being) told\b/i, 'a sentence that names who says it'],
  [/\bwh(?:oever|ichever)\b/i, 'the subject'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix, correct'],
  [/\bbut for\b/i, 'except'],
  [/\banew\b/i, 'again'],
  [/\bgo(?:es)? on compiling\b/i, 'still compiles'],
  [/\bwhere there (?:is|are) (?:no|none)\b/i, 'if there is none'],
  [/@throws \w+ where\b/, 'if'],
  [/\bone's own\b/i, 'your own'],
  [/\b(?:is|are) to be\b/i, 'must be, will be'],
  [/\bfor good\b/i, 'after all retries, permanently'],
  [/\blaid over\b/i, 'merged with'],
  [/(?<!there )\b(?:is|are) no (?!longer|basis|fewer|less|more|other|such)[a-z]+/i, 'is not a'],
]

const MOST_WORDS = 30

interface Place extends Passage {
  path: string
}

const READERS: Readonly<Record<string, (text: string) => Passage[]>> = {
  html: proseOfHtml,
  md: proseOfPage,
  ts: proseOfCode,
  txt: proseOfPage,
  yml: proseOfYaml,
}

function proseOf(path: string, text: string): Place[] {
  const read = READERS[path.slice(path.lastIndexOf('.') + 1)] ?? proseOfTerminal
  return read(text).map((passage) => ({ path, ...passage }))
}

const WRITTEN = ['src', 'scripts', '.github', 'docs/llms.txt', '*.md']
const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...WRITTEN], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (path) =>
      /\.(?:ts|md|yml|html|txt)$/.test(path) &&
      !/^src\/generated\/|CHANGELOG|NOTICES|RESULTS\.md|^\.changeset/.test(path),
  )

const written = paths.flatMap((path) => proseOf(path, readFileSync(new URL(path, root), 'utf8')))

const says = (passages: readonly Place[], [banned, instead]: (typeof BANNED)[number]): string[] =>
  passages
    .filter(({ text }) => banned.test(text))
    .map(({ path, line, text }) => `${path}:${line}: ${banned.exec(text)?.[0] ?? ''} → ${instead}`)

const rambles = (passages: readonly Place[]): string[] =>
  passages.flatMap(({ path, line, text }) =>
    sentencesIn(text)
      .filter((sentence) => wordsIn(sentence).length > MOST_WORDS)
      .map((sentence) => `${path}:${line}: ${sentence}`),
  )

describe('in code, comments, messages, pages and workflows', () => {
  test.each(BANNED)('nothing says %s', (banned, instead) => {
    expect(says(written, [banned, instead])).toEqual([])
  })

  test(`no sentence has more than ${MOST_WORDS} words`, () => {
    expect(rambles(written)).toEqual([])
  })

  test('a doc comment begins with a noun or a verb', () => {
    const found = written.filter(
      ({ kind, text }) => kind === 'documentation' && /^(?:What|Whether|How|None)\b/.test(text),
    )
    expect(found.map(({ path, line, text }) => `${path}:${line}: ${text.slice(0, 60)}`)).toEqual([])
  })
})

/** One change for each thing that can change, added, removed and changed in each side. */
const CHANGES: readonly Change[] = [
  ...['title', 'field', 'header', 'type', 'values', 'enum', 'deprecated', 'style', 'allowEmptyValue'],
  ...[
    'status',
    'media type',
    'endpoint',
    'security',
    'servers',
    'not',
    'schema',
    'suggestions',
    'conditions',
  ],
  ...['members', 'tag', 'hidden characters', 'type-changed', 'name-removed', 'field-required'],
  ...['field-optional', 'maxLength', 'pattern', 'default'],
].flatMap((subject) =>
  ['request.user', 'response 200.results[]', 'response 422', 'parameter query.a'].flatMap((path) =>
    [
      { before: undefined, after: 'required' },
      { before: 'required', after: undefined },
      { before: 'required', after: 'optional' },
      { before: ['a', 'b'], after: ['c'] },
      { before: 1, after: 2 },
    ].map((both): Change => ({
      class: 'breaking',
      source: 'wire',
      kind: 'kind',
      path,
      what: { subject, ...both },
      pointer: '#/info',
    })),
  ),
)

test('the reports of a drift and its changeset keep to these words', () => {
  for (const change of CHANGES) {
    const drift = driftOf({ version: '1', sha256: 'ab' }, { version: '2', sha256: 'cd' }, [change])
    const passages = [
      ...proseOf('report', report(drift, 'text')),
      ...proseOf('report.md', report(drift, 'markdown')),
      ...proseOf('changeset.md', changesetFor(drift, 'a-package')?.text.split('---')[2] ?? ''),
    ]
    expect([...BANNED.flatMap((banned) => says(passages, banned)), ...rambles(passages)]).toEqual([])
  }
})

test('the report of eval keeps to these words', async () => {
  const command = await loadCommand()
  try {
    const documents = [
      { text: 'Lyon', relevance: 0 },
      { text: 'Paris, capital of France', relevance: 1 },
    ]
    const judged = ['capital of France', 'Lyon'].map((query) => JSON.stringify({ query, documents }))
    await command.write('judged.jsonl', judged.join('\n'))
    const { stdout } = await command.run(['eval', 'judged.jsonl', '--local', '--html', 'report.html'])
    const html = await readFile(join(command.dir, 'report.html'), 'utf8')
    const passages = [...proseOf('report', stdout), ...proseOf('report.html', html)]
    expect(passages.length).toBeGreaterThan(50)
    expect([...BANNED.flatMap((banned) => says(passages, banned)), ...rambles(passages)]).toEqual([])
  } finally {
    await command.remove()
  }
})

const LONG = `One ${'word '.repeat(MOST_WORDS)}more`
test.each([
  ['a.ts', `/** A response. */\n// The answer.\n`, `throw new Error('${LONG}')`],
  ['a.md', '- A list\n\n| the answer |', LONG],
  ['a.yml', '  - name: The answer', `x: 1 # ${LONG}`],
  ['a.html', '<p>The <b>answer</b></p>', `<input placeholder="${LONG}">`],
  ['report', 'ok\nthe answer', LONG],
])('in %s, a word that is banned and a long sentence are found', (path, banned, long) => {
  expect(BANNED.flatMap((each) => says(proseOf(path, banned), each))).toHaveLength(1)
  expect(rambles(proseOf(path, long))).toHaveLength(1)
})
