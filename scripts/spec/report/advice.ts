import type { Change, DriftClass } from '../drift.ts'

/** Advice for maintainers about a change: the first row whose pattern fits its kind and class, or else its class's. */
const BY_KIND: readonly (readonly [kind: RegExp, advice: string])[] = [
  [/^endpoint|-json-removed /, 'ask upstream; regen rejects this document'],
  [/^words-suspicious /, 'read it in the raw document before merging'],
  [/^servers-/, 'check that the default base URL still responds'],
  [/^security-removed /, 'change how the client sends its key'],
  [/-default-(?:changed|removed) (?!docs)/, 'tell callers what omitting it means now'],
  [/^parameter-style-/, 'check how the client writes it into a URL or header'],
  [/^request-.*-(?:added|narrowed|changed|required) breaking$/, 'check what the client and callers send'],
  [/^response-discriminator-/, 'tell callers how the alternatives now differ'],
  [/^(?:request|response)-field-added compatible$/, 'run regen, and mention it in the README'],
]

const BY_CLASS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing',
  version: 'run regen',
  docs: 'run regen, and read the new descriptions',
  compatible: 'run regen, and tell callers',
  breaking: 'run regen, fix what npm run check reports, and tell callers how to migrate',
}

/** The advice about a change. */
export function advice({ kind, class: name }: Change): string {
  return BY_KIND.find(([pattern]) => pattern.test(`${kind} ${name}`))?.[1] ?? BY_CLASS[name]
}
