import { fileURLToPath } from 'node:url'
import { check, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { bumpFor, changesetFor } from '../../../scripts/pipeline/changeset.ts'
import { extractContract } from '../../../scripts/pipeline/contract.ts'
import { edited, POST, REQUEST_JSON, SCHEMAS, TEXT, type Edit } from '../document.ts'

const PINNED = extractContract(edited())
const withEdits = (...edits: readonly Edit[]): typeof PINNED => extractContract(edited(...edits))

describe('the bump', () => {
  it('is none for the same contract', () => {
    expect(bumpFor(PINNED, withEdits(['/info/description', 'The whole API']))).toBeUndefined()
  })

  const patches: readonly Edit[] = [
    ['/info/version', '20260916-b712a99a4'],
    ['/info/title', 'Another title'],
    [`${TEXT}/title`, undefined],
    [`${TEXT}/description`, 'Other words'],
    [`${TEXT}/example`, 'An example'],
    [`${SCHEMAS}/RerankRequest/properties/service_tier/examples`, undefined],
    [`${POST}/tags`, ['other']],
    [`${POST}/tags`, undefined],
    [`${POST}/summary`, 'Other words'],
    [`${POST}/operationId`, 'other'],
    [`${POST}/responses/200/description`, 'Other words'],
    [`${REQUEST_JSON}/examples`, { one: { summary: 'One', value: {} } }],
  ]
  it.each(patches)('is patch for words: %s', (...edit) => {
    expect(bumpFor(PINNED, withEdits(edit))).toBe('patch')
  })

  const majors: readonly Edit[] = [
    [`${TEXT}/type`, ['string', 'null']],
    [`${TEXT}/default`, 'text'],
    [`${TEXT}/format`, 'uri'],
    [`${TEXT}/deprecated`, true],
    [`${SCHEMAS}/RerankRequest/properties/title`, { type: 'string' }],
    [`${SCHEMAS}/ServiceTier/enum`, ['auto']],
    [`${POST}/requestBody/required`, false],
    [`${POST}/security`, []],
    [`${POST}/responses/429`, { description: 'Slow down' }],
    ['/openapi', '3.0.3'],
  ]
  it.each(majors)('is major for anything else: %s', (...edit) => {
    expect(bumpFor(PINNED, withEdits(edit))).toBe('major')
  })
})

describe('the changeset', () => {
  it('names the package, the bump and both versions', () => {
    const changeset = changesetFor(PINNED, withEdits(['/info/version', '20260916-b712a99a4']), 'a-package')
    expect(changeset?.text).toBe(`---
'a-package': patch
---

Upstream: the contract moved from \`20260506-297d05704\` to \`20260916-b712a99a4\`. No call and no type is affected.
`)
  })

  it('tells a maintainer that a major bump may be lowered', () => {
    const changeset = changesetFor(PINNED, withEdits([`${TEXT}/type`, 'integer']), 'a-package')
    expect(changeset?.text).toContain("'a-package': major")
    expect(changeset?.text).toContain('the contract of `20260506-297d05704` changed')
    expect(changeset?.text).toContain('a maintainer may lower this bump')
  })

  it('is absent when the contract is the same', () => {
    expect(changesetFor(PINNED, PINNED, 'a-package')).toBeUndefined()
  })

  it('has a file name that upstream cannot choose', () => {
    const changeset = changesetFor(PINNED, withEdits(['/info/version', '../../../evil']), 'a-package')
    expect(changeset?.path).toMatch(/^\.changeset\/upstream-[\da-f]{12}\.md$/)
  })

  it('escapes what Markdown could act on', () => {
    const changeset = changesetFor(
      PINNED,
      withEdits(['/info/version', '1` @all <b> [x](y) ${z}']),
      'a-package',
    )
    expect(changeset?.text).toContain(
      '`1\\u0060 \\u0040all \\u003cb\\u003e \\u005bx\\u005d\\u0028y\\u0029 \\u0024\\u007bz\\u007d`',
    )
  })

  it('is formatted as the repository formats Markdown', async () => {
    const changeset = changesetFor(PINNED, withEdits(['/info/version', '2_a *b* -']), 'a-package')
    const root = fileURLToPath(new URL('../../..', import.meta.url))
    const config = await resolveConfig(`${root}README.md`)
    expect(await check(changeset?.text ?? '', { ...config, parser: 'markdown' })).toBe(true)
  })
})
