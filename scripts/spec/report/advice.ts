import type { Change, DriftClass } from '../drift.ts'

/** What a maintainer does about a change: the first row whose pattern fits its id, or else the row of its class. */
const BY_ID: readonly (readonly [id: RegExp, advice: string])[] = [
  [/^(?:endpoint|json-)/, 'ask upstream; regen refuses this document'],
  [/^words-suspicious$/, 'read it in the raw document before merging'],
  [/^server-/, 'check that the default base URL still answers'],
  [/^way-to-sign-in-removed$/, 'change how the client sends its key'],
  [/-default-(?:changed|removed)$/, 'tell callers what leaving it out means now'],
  [/^parameter-style-/, 'check how the client writes it into a URL or header'],
  [/^request-(?:.*-)?(?:tighter|changed)$/, 'check what the client and callers send'],
  [/^request-(?:readOnly-.*|(?:discriminator|exclusivity)-added)$/, 'check what the client and callers send'],
  [/^answer-discriminator-/, 'tell callers what tells the alternatives apart now'],
  [/^(?:request|answer)-property-added$/, 'regen, and mention it in the README'],
]

const BY_CLASS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing',
  version: 'regen',
  docs: 'regen, and read the words',
  compatible: 'regen, and tell callers',
  breaking: 'regen, mend what npm run check shows, release a major',
}

/** What to do about a change. */
export function advice({ id, class: name }: Change): string {
  return BY_ID.find(([pattern]) => pattern.test(id))?.[1] ?? BY_CLASS[name]
}
