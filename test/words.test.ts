import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { proseOfCode, proseOfPage, sentencesIn, wordsIn } from './helpers/prose.ts'
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
]

const MOST_WORDS = 30

const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'scripts', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (path) =>
      /\.(?:ts|md)$/.test(path) && !/^src\/generated\/|CHANGELOG|NOTICES|RESULTS\.md|^\.changeset/.test(path),
  )

const passages = paths.flatMap((path) => {
  const text = readFileSync(new URL(path, root), 'utf8')
  return (path.endsWith('.md') ? proseOfPage(text) : proseOfCode(text)).map((passage) => ({
    path,
    ...passage,
  }))
})

const places = (
  found: readonly (Passage & { path: string })[],
  say: (passage: Passage) => string,
): string[] => found.map((passage) => `${passage.path}:${passage.line}: ${say(passage)}`)

describe('in code, comments, messages and pages', () => {
  test.each(BANNED)('nothing says %s', (banned, instead) => {
    const found = passages.filter(({ text }) => banned.test(text))
    expect(places(found, ({ text }) => `${banned.exec(text)?.[0] ?? ''} → ${instead}`)).toEqual([])
  })

  test(`no sentence has more than ${MOST_WORDS} words`, () => {
    const found = passages.flatMap((passage) =>
      sentencesIn(passage.text)
        .filter((sentence) => wordsIn(sentence).length > MOST_WORDS)
        .map((text) => ({ ...passage, text })),
    )
    expect(places(found, ({ text }) => text)).toEqual([])
  })

  test('a doc comment begins with a noun or a verb', () => {
    const found = passages.filter(
      ({ kind, text }) => kind === 'documentation' && /^(?:What|Whether|How|None)\b/.test(text),
    )
    expect(places(found, ({ text }) => text.slice(0, 60))).toEqual([])
  })
})
