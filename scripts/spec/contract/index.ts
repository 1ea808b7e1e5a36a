import { createHash } from 'node:crypto'
import { endpointIn, isJson, PATH } from './endpoint.ts'
import { ownName } from './references.ts'
import {
  inside,
  MAX_LEVELS,
  refuse,
  refuseDepth,
  type ComponentKind,
  type Place,
  type Style,
} from './rules.ts'
import { COMPONENTS, DOCUMENT } from './vocabulary.ts'
import { PipelineError, quoted } from '../lib/failure.ts'
import { escapeInvisible } from '../lib/invisible.ts'
import {
  byCodeUnit,
  isObject,
  tooDeepAt,
  valueAlong,
  valueAt,
  type Json,
  type JsonObject,
} from '../lib/json.ts'

export { endpointIn, isJson, PATH }

/** The part of an OpenAPI document that the SDK exposes, rebuilt from known keys in canonical order. */
export interface Contract extends JsonObject {
  readonly info: { readonly title: string; readonly version: string }
}

interface Component {
  readonly kind: ComponentKind
  readonly name: string
  readonly value: Json
}

const MAX_COMPONENTS = 300
const MAX_TEXT = 1024 * 1024

const AS_IT_IS: Style = { readable: true, samples: true, words: (text) => text, sample: (value) => value }
// What is too long is so by what only people read, or else it is rejected.
const STYLES = [AS_IT_IS, { ...AS_IT_IS, samples: false }, { ...AS_IT_IS, samples: false, readable: false }]
// Backslashes keep a text from starting a tag, markup or a compiler directive, and from closing the comment around it.
const IN_COMMENTS: Style = {
  readable: true,
  samples: true,
  words: (text) => withoutEnd(text.replace(/[\\{}<@]/g, '\\$&')),
  sample: (value) => withoutEnd(asCode(value).replaceAll('@', '\\@')),
}

/**
 * Rebuilds what the SDK exposes of an upstream document: the operation, and the components that it refers to.
 * Unknown keys are left out, words and samples that are of no use or too long as well, and nothing is fetched.
 *
 * @throws PipelineError if the document is not OpenAPI 3.x with a JSON `POST /v1/rerank`, or holds something that
 * code generators would act on; the message says what and where.
 */
export function extractContract(document: unknown): Contract {
  for (const style of STYLES) {
    const contract = contractIn(document, style)
    // What stands in a reference's place stands deeper. Indentation grows with the depth, so it is bounded first.
    const isShort = [JSON.stringify, withinLevels].every((textOf) => textOf(contract).length <= MAX_TEXT)
    if (isShort) return contract
  }
  throw new PipelineError(`the contract of POST ${PATH} is more than 1 MiB of text`)
}

function contractIn(document: unknown, style: Style): Contract {
  const body = rebuild(document, style)
  const [title, version] = [valueAt(body, 'info', 'title'), valueAt(body, 'info', 'version')]
  if (typeof title !== 'string' || typeof version !== 'string')
    throw new PipelineError('#/info is incomplete')
  const contract = { ...body, info: { title, version } }
  requireJson(contract, 'request body', 'requestBody')
  requireJson(contract, '200 response', 'responses', '200')
  return contract
}

/** A contract's canonical text: the same bytes for every document that says the same. */
export function contractText(contract: JsonObject): string {
  return `${escapeInvisible(JSON.stringify(contract, null, 2))}\n`
}

/** The digest by which a contract's exact text is known: SHA-256, in hexadecimal. */
export function digestOf(contract: JsonObject): string {
  return createHash('sha256').update(contractText(contract)).digest('hex')
}

/** The contract with all words, defaults and examples as they may stand in a comment of source code. */
export function withCommentSafeWords(contract: Contract): JsonObject {
  return rebuild(contract, IN_COMMENTS)
}

function rebuild(document: unknown, style: Style): JsonObject {
  const root = { pointer: '#', level: 0 }
  if (valueAt(document, 'openapi') === undefined) refuse(root, 'is not OpenAPI 3.x')

  const needed = new Map<string, { kind: ComponentKind; name: string }>()
  const follow = (kind: ComponentKind, name: string): void => {
    needed.set(`${kind}/${name}`, { kind, name })
  }
  const place: Place = { ...root, document, style, follow }
  const body = DOCUMENT(document, place)

  // The loop meets the components that it adds on its way; each is rebuilt once, so cycles end.
  const built: Component[] = []
  for (const { kind, name } of needed.values()) {
    const keys = ['components', kind, ...name.split('/')]
    const at = keys.reduce<Place>(inside, place)
    if (built.length === MAX_COMPONENTS) refuse(at, `is one of more than ${MAX_COMPONENTS} components`)
    const own = ownName(name)
    if (built.some((one) => one.kind === kind && one.name === own))
      refuse(at, `would get the name ${quoted(own)}, which another component has`)
    built.push({ kind, name: own, value: COMPONENTS[kind](valueAlong(document, keys), at) ?? null })
  }
  refuseLoops(built)
  return built.length === 0 ? body : { ...body, components: byKindAndName(built) }
}

function byKindAndName(components: readonly Component[]): JsonObject {
  const kinds = Object.keys(COMPONENTS).filter((kind) =>
    components.some((component) => component.kind === kind),
  )
  const members = (kind: string): [string, Json][] =>
    components
      .filter((component) => component.kind === kind)
      .sort((a, b) => byCodeUnit(a.name, b.name))
      .map(({ name, value }) => [name, value])
  return Object.fromEntries(kinds.map((kind) => [kind, Object.fromEntries(members(kind))]))
}

function withinLevels(contract: JsonObject): string {
  const deep = tooDeepAt(contract, MAX_LEVELS)
  if (deep !== undefined) refuseDepth(deep)
  return contractText(contract)
}

/** Components that are nothing but references to each other are nothing at all. */
function refuseLoops(components: readonly Component[]): void {
  const targets = new Map<unknown, unknown>(
    components.map((component) => [pointerOf(component), valueAt(component.value, '$ref')]),
  )
  for (const pointer of components.map(pointerOf)) {
    const seen = new Set<unknown>([pointer])
    for (let next = targets.get(pointer); next !== undefined; next = targets.get(next)) {
      if (seen.has(next)) refuse({ pointer }, 'refers to itself in a circle')
      seen.add(next)
    }
  }
}

function pointerOf({ kind, name }: Component): string {
  return `#/components/${kind}/${name}`
}

function requireJson(contract: Contract, what: string, ...keys: readonly string[]): void {
  const found = valueAt(contract, 'paths', PATH, 'post', ...keys, 'content')
  if (!isObject(found)) throw new PipelineError(`POST ${PATH} has no application/json ${what}`)
}

function asCode(value: Json): string {
  const code = JSON.stringify(value, null, 2)
  return /^"[^'"\\]*"$/.test(code) ? `'${code.slice(1, -1)}'` : code
}

function withoutEnd(text: string): string {
  return text.replaceAll('*/', '*\\/')
}
