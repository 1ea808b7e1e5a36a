import { describe, expect, it } from 'vitest'
import { driftOf, type Change, type Drift } from '../../../scripts/spec/drift.ts'
import { inMarkdown, report } from '../../../scripts/spec/report/index.ts'

const EVIL =
  'a | b \\| c ` @all <img src=x onerror=y> [x](https://evil.example) #1\n\n```\n::error::x % \u202e'
const GONE: Change = {
  class: 'breaking',
  source: 'wire',
  kind: 'request-field-removed',
  path: 'request.user',
  what: { subject: 'field', before: 'optional' },
  pointer: '#/components/schemas/RerankRequest/properties/user',
}
const WORDS: Change = {
  class: 'docs',
  source: 'wire',
  kind: 'words-changed',
  path: 'info',
  what: { subject: 'title', before: 'API' },
  pointer: '#/info',
}
const FROM = { version: '1', sha256: 'ab' }
const TO = { version: '2', sha256: 'cd' }
const DRIFT = driftOf(FROM, TO, [WORDS, GONE])
const many = (length: number, change: Change): Drift =>
  driftOf(
    FROM,
    TO,
    Array.from({ length }, () => change),
  )
const NONE = driftOf(FROM, FROM, [])
const hostile: Drift = driftOf({ version: EVIL, sha256: 'ab' }, { version: EVIL + '2', sha256: null }, [
  { ...GONE, path: EVIL, pointer: EVIL },
])

describe('text', () => {
  it('has the verdict and one line a change: class, where, what, what to do', () => {
    expect(report(DRIFT, 'text').split('\n')).toEqual([
      'breaking: some existing code stops compiling, or some calls stop working (1 → 2, bump major)',
      '  breaking  request.user: removed  [#/components/schemas/RerankRequest/properties/user]  → run regen, fix what npm run check reports, and tell callers how to migrate',
      '  docs      info: title removed  [#/info]  → run regen, and read the new descriptions',
    ])
  })

  it('shows a run of blanks as one', () => {
    expect(report(driftOf(FROM, TO, [{ ...GONE, path: 'a \t b' }]), 'text')).toContain('  a b: removed  [')
  })

  it('has a single line where nothing changed', () => {
    expect(report(NONE, 'text')).toBe('none: nothing changed for callers (1, bump none)')
  })

  it('has colours on a terminal, and nowhere else', () => {
    expect(report(DRIFT, 'text', { color: true })).toContain('\u001B[31mbreaking\u001B[39m')
    expect(report(DRIFT, 'text')).not.toContain('\u001B')
  })

  it('shows what cannot be seen, and breaks no line', () => {
    expect(report(hostile, 'text').split('\n')).toHaveLength(2)
    expect(report(hostile, 'text')).toContain('\\u202e')
  })
})

describe('the advice', () => {
  it.each([
    ['breaking', 'endpoint-removed', 'ask upstream; regen rejects this document'],
    ['breaking', 'response-json-removed', 'ask upstream; regen rejects this document'],
    ['docs', 'words-suspicious', 'read it in the raw document before merging'],
    ['docs', 'servers-changed', 'check that the default base URL still responds'],
    ['breaking', 'security-removed', 'change how the client sends its key'],
    ['breaking', 'request-default-changed', 'tell callers what omitting it means now'],
    ['breaking', 'request-default-removed', 'tell callers what omitting it means now'],
    ['breaking', 'request-maximum-narrowed', 'check what the client and callers send'],
    ['breaking', 'request-type-changed', 'check what the client and callers send'],
    ['breaking', 'request-field-required', 'check what the client and callers send'],
    ['docs', 'request-default-changed', 'run regen, and read the new descriptions'],
    ['breaking', 'request-field-added', 'check what the client and callers send'],
    [
      'breaking',
      'response-field-removed',
      'run regen, fix what npm run check reports, and tell callers how to migrate',
    ],
    ['compatible', 'request-suggestions-changed', 'run regen, and tell callers'],
    ['compatible', 'request-not-widened', 'run regen, and tell callers'],
    ['breaking', 'parameter-style-changed', 'check how the client writes it into a URL or header'],
    ['breaking', 'response-discriminator-removed', 'tell callers how the alternatives now differ'],
    ['compatible', 'request-field-added', 'run regen, and mention it in the README'],
    ['compatible', 'response-field-added', 'run regen, and mention it in the README'],
    ['compatible', 'request-field-removed', 'run regen, and tell callers'],
    ['compatible', 'the-endpoint', 'run regen, and tell callers'],
    ['compatible', 'security-removed-again', 'run regen, and tell callers'],
  ] as const)('about a %s %s is to %s', (name, kind, advice) => {
    const [, line] = report(driftOf(FROM, TO, [{ ...GONE, class: name, kind }]), 'text').split('\n')
    expect(line?.split('  → ')[1]).toBe(advice)
  })
})

describe('json', () => {
  it('is the verdict, and each change with its place, a sentence and what to do', () => {
    expect(JSON.parse(report(DRIFT, 'json'))).toEqual({
      drift: 'breaking',
      bump: 'major',
      from: FROM,
      to: TO,
      changes: [
        {
          class: 'breaking',
          source: 'wire',
          kind: 'request-field-removed',
          path: 'request.user',
          text: 'request.user: removed',
          pointer: GONE.pointer,
          advice: 'run regen, fix what npm run check reports, and tell callers how to migrate',
        },
        {
          class: 'docs',
          source: 'wire',
          kind: 'words-changed',
          path: 'info',
          text: 'info: title removed',
          pointer: '#/info',
          advice: 'run regen, and read the new descriptions',
        },
      ],
    })
  })

  it('reads back what upstream wrote, with nothing that cannot be seen', () => {
    const read = JSON.parse(report(hostile, 'json')) as { changes: { path: string; pointer: string }[] }
    expect(read.changes.map(({ path, pointer }) => [path, pointer])).toEqual([[EVIL, EVIL]])
    expect(report(hostile, 'json')).not.toContain('\u202e')
  })
})

describe('markdown', () => {
  it('has the verdict first, then a table', () => {
    expect(report(DRIFT, 'markdown')).toBe(`## Upstream drift: breaking

Some existing code stops compiling, or some calls stop working. Contract \`1\` → \`2\`, bump: major.

| class | what | where | what to do |
| --- | --- | --- | --- |
| breaking | \`request.user\`: removed | \`#/components/schemas/RerankRequest/properties/user\` | run regen, fix what npm run check reports, and tell callers how to migrate |
| docs | \`info\`: title removed | \`#/info\` | run regen, and read the new descriptions |`)
  })

  it('has no table where nothing changed', () => {
    expect(report(NONE, 'markdown')).toBe(
      '## Upstream drift: none\n\nNothing changed for callers. Contract `1`, bump: none.',
    )
  })

  it('keeps upstream’s words inside code, and code inside its cell', () => {
    const [, , , , , , row = ''] = report(hostile, 'markdown').split('\n')
    const cells = row.split(/(?<!\\)\|/)
    expect(cells).toHaveLength(6)
    expect(cells.slice(2, 4).map((cell) => cell.replaceAll(/`[^`]*`/g, ''))).toEqual([' : removed ', '  '])
    // A backslash before an escaped bar would free the bar.
    expect(row).not.toMatch(/\\\\\|/)
  })

  it('leaves nothing outside of code in the sentence with the versions', () => {
    const sentence = report(hostile, 'markdown').split('\n')[2] ?? ''
    expect(sentence.replaceAll(/`[^`]*`/g, '')).toBe(
      'Some existing code stops compiling, or some calls stop working. Contract  → , bump: major.',
    )
  })

  it('counts changes beyond fifty', () => {
    expect(report(many(60, GONE), 'markdown')).toMatch(/\n\nAnd 10 more\.$/)
  })

  it('fits GitHub’s 65,536 characters with room to spare, however long the texts and whatever is escaped in them', () => {
    const long = '\u202e`|'.repeat(5_000)
    const text = report(
      {
        ...many(3_000, { ...GONE, path: long, pointer: long }),
        from: { version: long, sha256: null },
        to: { version: `${long}2`, sha256: null },
      },
      'markdown',
    )
    expect(text.length).toBeLessThan(40_000)
    const rows = text.split('\n').filter((line) => line.startsWith('| breaking |')).length
    expect(text).toMatch(new RegExp(`\\n\\nAnd ${3_000 - rows} more\\.$`))
    expect(rows).toBeGreaterThan(5)
  })

  it('has a guide above the table', () => {
    expect(inMarkdown(DRIFT, 'Do this.')).toMatch(/bump: major\.\n\nDo this\.\n\n\| class/)
  })
})

describe('GitHub annotations', () => {
  it('are commands of a level by class', () => {
    expect(report(DRIFT, 'github').split('\n')).toEqual([
      '::error file=openapi.json,title=Upstream drift::breaking: some existing code stops compiling, or some calls stop working (1 → 2, bump major)',
      '::error file=openapi.json,title=breaking at #/components/schemas/RerankRequest/properties/user::request.user: removed → run regen, fix what npm run check reports, and tell callers how to migrate',
      '::notice file=openapi.json,title=docs at #/info::info: title removed → run regen, and read the new descriptions',
    ])
  })

  it('are at most ten of a level, the worst first, and count what is left out', () => {
    const lines = report(
      driftOf(FROM, TO, [...many(30, WORDS).changes, ...many(30, GONE).changes]),
      'github',
    ).split('\n')
    expect(lines.filter((line) => line.startsWith('::error ')).length).toBe(10)
    expect(lines.filter((line) => line.startsWith('::notice ')).length).toBe(10)
    expect(lines[0]).toMatch(/bump major\); 41 of 60 changes are not shown here$/)
    expect(lines.map((line) => line.startsWith('::error '))).toEqual(lines.map((_, index) => index < 10))
  })

  it('escape what would end a command or a property', () => {
    const lines = report(hostile, 'github').split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('  ``` ::error::x %25 \\u202e: removed →')
    expect(/title=(.*?)::/.exec(lines[1] ?? '')?.[1]).not.toMatch(/[:,\n]/)
  })
})
