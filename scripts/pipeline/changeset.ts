import { contractText, withoutWords, type Contract } from './contract.ts'
import { digestOf } from './generate.ts'
import { escapeUnit } from './invisible.ts'
import type { JsonObject } from './json.ts'

/** How much a release moves the package's version. */
export type Bump = 'patch' | 'minor' | 'major'

/** A file to be written. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/**
 * The bump that a new contract calls for; undefined where it says the same. Words and `info.version` change nothing
 * for callers; anything else may.
 */
export function bumpFor(before: Contract, after: Contract): Bump | undefined {
  if (contractText(before) === contractText(after)) return undefined
  return callersView(before) === callersView(after) ? 'patch' : 'major'
}

/**
 * The changeset that announces a new contract; undefined where it says the same as before. Upstream's text
 * decides no file name, and is escaped where it is shown.
 */
export function changesetFor(before: Contract, after: Contract, packageName: string): TextFile | undefined {
  const bump = bumpFor(before, after)
  if (bump === undefined) return undefined
  const [from, to] = [asCode(before.info.version), asCode(after.info.version)]
  const versions = from === to ? `the contract of ${to} changed` : `the contract moved from ${from} to ${to}`
  return {
    path: `.changeset/upstream-${digestOf(after).slice(0, 12)}.md`,
    text: `---\n'${packageName}': ${bump}\n---\n\nUpstream: ${versions}. ${SENTENCES[bump]}\n`,
  }
}

const SENTENCES: Readonly<Record<Bump, string>> = {
  patch: 'No call and no type is affected.',
  minor: 'Existing code goes on compiling and working.',
  major: 'Calls or types may be affected; after review a maintainer may lower this bump.',
}

function callersView(contract: Contract): string {
  const view: JsonObject = { ...withoutWords(contract), info: {} }
  return contractText(view)
}

/** Upstream's text as inline code: whatever Markdown could act on is escaped. */
function asCode(text: string): string {
  return `\`${text.replace(/[^\w.+ -]/g, escapeUnit)}\``
}
