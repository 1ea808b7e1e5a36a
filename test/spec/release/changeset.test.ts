import { fileURLToPath } from 'node:url'
import { check, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { driftOf, type Change, type Drift, type DriftClass } from '../../../scripts/spec/drift.ts'
import { changesetFor, undone } from '../../../scripts/spec/release/changeset.ts'

const SHA = 'ab'.repeat(32)
const change = (name: DriftClass, path: string, subject = 'field'): Change => ({
  class: name,
  source: 'wire',
  kind: 'kind',
  path,
  what: { subject, before: 'optional' },
  pointer: '#',
})
const drift = (version: string, ...changes: readonly Change[]): Drift =>
  driftOf({ version: '1', sha256: 'cd'.repeat(32) }, { version, sha256: SHA }, changes)
const VERSION = change('version', 'info', 'version')

describe('the changeset', () => {
  it('names the package, the bump and both versions', () => {
    expect(changesetFor(drift('2', VERSION), 'a-package')?.text).toBe(`---
# from ${'cd'.repeat(32)}
# to ${SHA}
'a-package': patch
---

Upstream: the contract moved from \`1\` to \`2\`. No call or type is affected.
`)
  })

  it.each([
    ['version', 'patch'],
    ['docs', 'patch'],
    ['compatible', 'minor'],
    ['breaking', 'major'],
  ] as const)('of %s is %s', (name, bump) => {
    expect(changesetFor(drift('1', change(name, 'x')), 'a-package')?.text).toContain(`'a-package': ${bump}\n`)
  })

  it('of a major bump tells its reviewer, and no reader of release notes, that it may be lowered', () => {
    const lowered = /^# after review, a maintainer may lower this bump$/m
    const [, head, body] =
      changesetFor(drift('1', change('breaking', 'x')), 'a-package')?.text.split('---\n') ?? []
    expect(head).toMatch(lowered)
    expect(body).not.toMatch('lower')
    expect(changesetFor(drift('1', change('compatible', 'x')), 'a-package')?.text).not.toMatch(lowered)
  })

  it('names one version where both are the same', () => {
    expect(changesetFor(drift('1', change('docs', 'x')), 'a-package')?.text).toContain(
      'Upstream: the contract of `1` changed. No call',
    )
  })

  it('names the changes, the worst first', () => {
    const found = drift('2', change('docs', 'info', 'title'), VERSION, change('breaking', 'request.user'))
    expect(changesetFor(found, 'a-package')?.text).toContain(
      'Some calls or types are affected.\n\n- breaking: `client.rerank`: request field `user` removed\n  Migration: stop sending `user`.\n- docs: `info`: title removed\n',
    )
  })

  it('counts changes beyond twenty', () => {
    const many = Array.from({ length: 25 }, (_, index) => change('docs', `change ${index}`))
    const lines = changesetFor(drift('2', ...many), 'a-package')?.text.match(/^- .*$/gm)
    expect(lines).toHaveLength(21)
    expect(lines?.at(-1)).toBe('- and 5 more')
  })

  it('is absent when nothing changed for anybody', () => {
    expect(changesetFor(drift('1'), 'a-package')).toBeUndefined()
  })

  it('is absent where no contract is left', () => {
    const gone = driftOf({ version: '1', sha256: SHA }, { version: '2', sha256: null }, [VERSION])
    expect(changesetFor(gone, 'a-package')).toBeUndefined()
  })

  it('has a file name that upstream cannot choose', () => {
    expect(changesetFor(drift('../../../evil', VERSION), 'a-package')?.path).toBe(
      '.changeset/upstream-abababababab.md',
    )
  })

  it('escapes what Markdown could act on in versions', () => {
    expect(changesetFor(drift('1` @all <b> [x](y) ${z}', VERSION), 'a-package')?.text).toContain(
      '`1\\u0060 \\u0040all \\u003cb\\u003e \\u005bx\\u005d\\u0028y\\u0029 \\u0024\\u007bz\\u007d`',
    )
  })

  it('keeps changes inside code', () => {
    const text = changesetFor(drift('2', change('docs', 'a `b` @all\n\n# c')), 'a-package')?.text
    expect(text).toContain('- docs: `a \\u0060b\\u0060 @all # c` removed\n')
  })

  it('is formatted as the repository formats Markdown', async () => {
    const text = changesetFor(
      drift('2_a *b* -', VERSION, change('docs', 'a *b* _c_ [d] `')),
      'a-package',
    )?.text
    const config = await resolveConfig(`${fileURLToPath(new URL('../../..', import.meta.url))}README.md`)
    expect(await check(text ?? '', { ...config, parser: 'markdown' })).toBe(true)
  })
})

describe('changesets that came to nothing', () => {
  const digest = (letter: string): string => letter.repeat(64)
  const step = (from: string, to: string): [path: string, text: string] => [
    `${from}-${to}.md`,
    `---\n# from ${digest(from)}\n# to ${digest(to)}\n'a-package': patch\n---\n`,
  ]

  it.each([
    ['none where none are pending', [], []],
    ['those that led away', [step('a', 'b')], ['a-b.md']],
    ['all on the way', [step('b', 'c'), step('a', 'b')], ['a-b.md', 'b-c.md']],
    ['each once, where the way leads back', [step('a', 'b'), step('b', 'a')], ['a-b.md', 'b-a.md']],
    ['none that led elsewhere', [step('c', 'a'), step('d', 'e')], []],
    ['none of another kind', [['other.md', "---\n'a-package': patch\n---\n\n# from a\n"]], []],
  ] satisfies [string, [string, string][], string[]][])('are %s', (_, pending, expected) => {
    expect(undone(new Map(pending), digest('a'))).toEqual(expected)
  })
})
