import type { Bump, Drift } from '../drift.ts'
import { noteOf } from './notes.ts'
import { escapeUnit } from '../lib/invisible.ts'

/** A file to be written. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Where changesets wait for a release, from the repository's root. */
export const CHANGESETS = '.changeset'

const MAX_NAMED = 20

/**
 * The changeset that announces a drift; undefined if nothing changed for anybody. Upstream's text decides no
 * file name, and is code where it is shown.
 */
export function changesetFor(drift: Drift, packageName: string): TextFile | undefined {
  const { bump, from, to } = drift
  if (bump === 'none' || to.sha256 === null) return undefined
  const [old, now] = [versionSpan(from.version), versionSpan(to.version)]
  const versions = old === now ? `the contract of ${now} changed` : `the contract moved from ${old} to ${now}`
  // What the release notes are not to repeat stands in comments.
  const head = [
    `# from ${from.sha256}`,
    `# to ${to.sha256}`,
    ...(bump === 'major' ? ['# after review, a maintainer may lower this bump'] : []),
    `'${packageName}': ${bump}`,
  ]
  const paragraphs = [`Upstream: ${versions}. ${SENTENCES[bump]}`, changeList(drift)].filter(
    (text) => text !== '',
  )
  return {
    path: `${CHANGESETS}/upstream-${to.sha256.slice(0, 12)}.md`,
    text: `---\n${head.join('\n')}\n---\n\n${paragraphs.join('\n\n')}\n`,
  }
}

/**
 * The changesets that came to nothing, of those that are pending, by path: the contract is again the one that they
 * led away from.
 *
 * @param digest - of the contract as it is now.
 */
export function undone(pending: ReadonlyMap<string, string>, digest: string): string[] {
  const steps = new Map<string | undefined, { path: string; to: string | undefined }>()
  for (const [path, text] of pending) {
    const [, from, to] = STEP.exec(text) ?? []
    if (from !== undefined) steps.set(from, { path, to })
  }
  const found = new Set<string>()
  for (let step = steps.get(digest); step && !found.has(step.path); step = steps.get(step.to)) {
    found.add(step.path)
  }
  return [...found]
}

const STEP = /^# from ([\da-f]{64})\n# to ([\da-f]{64})$/m

const SENTENCES: Readonly<Record<Exclude<Bump, 'none'>, string>> = {
  patch: 'No call or type is affected.',
  minor: 'Existing code still compiles and works.',
  major: 'Some calls or types are affected.',
}

/** The changes, except that of the version, which the first sentence names. */
function changeList({ changes }: Drift): string {
  const told = changes.filter(({ class: name }) => name !== 'version')
  const lines = told.slice(0, MAX_NAMED).map((change) => {
    const { line, migration } = noteOf(change)
    const step = migration === undefined ? '' : `\n  Migration: ${migration}.`
    return `- ${change.class}: ${line}${step}`
  })
  const more = told.length - lines.length
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

/** A version as inline code; only what versions are made of stands there as it is. */
function versionSpan(text: string): string {
  return `\`${text.replace(/[^\w.+ -]/g, escapeUnit)}\``
}
