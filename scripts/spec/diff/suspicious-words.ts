// Texts that a person shall look at, wherever they stand, and words that no comparison of two places comes by.

import type { Contract } from '../contract/index.ts'
import type { Change } from '../drift.ts'
import { isObject, pointerTo } from '../lib/json.ts'
import { invisibleIn } from '../lib/invisible.ts'
import { wireChange } from './changes.ts'

/** A value and where it stands. */
interface Node {
  readonly key: string
  /** The key of what holds it. */
  readonly owner: string
  /** Where what holds it stands. */
  readonly home: string
  readonly pointer: string
  readonly value: unknown
}

// Tags that editors and compilers obey, at the start of a word.
const TAG = /(?<![\w\\.])@[A-Za-z][\w-]*/g

/** They are compared by themselves, and printable by the contract's rules. */
const VERSIONS: readonly string[] = ['#/openapi', '#/info/version']

/** Texts that are new, and hide something or address a tool that the text in their place did not. */
export function suspiciousWords(before: Contract, after: Contract): Change[] {
  const old = new Map(stringsIn(before))
  const known = new Set(old.values())
  return stringsIn(after)
    .filter(([, text]) => !known.has(text))
    .flatMap(([pointer, text]) =>
      flags(old.get(pointer) ?? '', text).map((what) =>
        wireChange('docs', 'words-suspicious', pointer, placeOf(pointer), what),
      ),
    )
}

/** Words that came or went; for where nothing else is found, and `openapi.json` differs all the same. */
export function otherWords(before: Contract, after: Contract): Change[] {
  const [old, now] = [wordsIn(before), wordsIn(after)]
  const come = [...now].filter(([text]) => !old.has(text)).map(([, node]) => node)
  // Where a schema went, its words went to wherever it is written now.
  const places = new Set([...nodesIn(after)].map(({ pointer }) => pointer))
  const gone = [...old]
    .filter(([text, { home }]) => !now.has(text) && places.has(home))
    .map(([, node]) => node)
  const report = ({ pointer, key, value }: Node, isNew: boolean): Change =>
    wireChange('docs', 'words-changed', pointer, placeOf(pointer), {
      subject: key,
      [isNew ? 'after' : 'before']: value,
    })
  return come.length > 0 ? come.map((node) => report(node, true)) : gone.map((node) => report(node, false))
}

function flags(before: string, after: string): { subject: string; after?: string }[] {
  const known = new Set(before.match(TAG))
  const tags = new Set(after.match(TAG)?.filter((tag) => !known.has(tag)))
  const seen = invisibleIn(before)
  const hides = invisibleIn(after).some((one, _, all) => countOf(one, all) > countOf(one, seen))
  return [
    ...[...tags].map((tag) => ({ subject: 'tag', after: tag })),
    ...(hides ? [{ subject: 'hidden characters' }] : []),
  ]
}

function countOf(one: string, all: readonly string[]): number {
  return all.filter((other) => other === one).length
}

function stringsIn(contract: Contract): [pointer: string, text: string][] {
  return [...nodesIn(contract)].flatMap(({ pointer, value }) =>
    typeof value === 'string' && !VERSIONS.includes(pointer) ? [[pointer, value]] : [],
  )
}

const TEXTS: readonly string[] = ['title', 'description', 'summary', 'operationId', 'bearerFormat']
const SAMPLES: readonly string[] = ['example', 'examples', 'tags', 'scopes']
/** Keywords that hold names of upstream's choice, a property that is called `description` among them. */
const NAMED: readonly string[] = ['properties', 'patternProperties', 'dependentSchemas', 'schemas']

/** Where each text that only people read stands, by the text. */
function wordsIn(contract: Contract): Map<string, Node> {
  const words = [...nodesIn(contract)].filter(
    ({ key, owner, value }) =>
      !NAMED.includes(owner) && (SAMPLES.includes(key) || (TEXTS.includes(key) && typeof value === 'string')),
  )
  return new Map(words.map((node) => [`${node.key} ${JSON.stringify(node.value)}`, node]))
}

function* nodesIn(value: unknown, pointer = '#', owner = ''): Generator<Node> {
  if (!isObject(value) && !Array.isArray(value)) return
  for (const [key, inner] of Object.entries<unknown>(value)) {
    const node = { key, owner, home: pointer, pointer: pointerTo(pointer, key), value: inner }
    yield node
    yield* nodesIn(inner, node.pointer, key)
  }
}

/** Keys that an OpenAPI document has around everything, and that a reader does not need. */
const FRAME: readonly string[] = [
  ...['#', 'paths', 'post', 'content', 'application/json'],
  ...['components', 'schemas', 'schema', 'properties'],
]

/** A place as a person would write it: `RerankRequest.query.description`. */
function placeOf(pointer: string): string {
  const keys = pointer.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.filter((key) => !FRAME.includes(key)).join('.')
}
