// Corrections of what upstream's document says by mistake: an OpenAPI Overlay 1.0 of our own, reviewed like code.

import { isDeepStrictEqual } from 'node:util'
import { messageOf, PipelineError, quoted } from '../lib/failure.ts'
import { readTextIfThere } from '../lib/files.ts'
import { isObject, valueAt } from '../lib/json.ts'
import { isUpTo } from '../lib/versions.ts'

/** Where corrections stand, from the repository's root. */
export const OVERLAY = 'specs/overlay.json'

/** A correction, and what became of it. */
export interface Correction {
  /** The place, as a JSONPath. */
  readonly target: string
  readonly reason: string
  /** The last `info.version` of upstream that it is known to hold for. */
  readonly until: string
  /** `idle` where it changes nothing: the place is gone, or says so by itself. `expired` is not applied any more. */
  readonly state: 'applied' | 'idle' | 'expired'
}

/** A document, and what was corrected in it. */
export interface Corrected {
  readonly document: unknown
  readonly corrections: readonly Correction[]
}

interface Action extends Omit<Correction, 'state'> {
  readonly keys: readonly string[]
  /** The value to merge into the place; undefined if the place is removed. */
  readonly update: unknown
}

/**
 * Applies the corrections of the repository at `root` to an upstream document, which stays as it is.
 *
 * @throws PipelineError if the overlay is not one that is supported.
 */
export async function corrected(root: string, document: unknown): Promise<Corrected> {
  const text = await readTextIfThere(root, OVERLAY)
  return applied(text === undefined ? [] : actionsIn(text), document)
}

function applied(actions: readonly Action[], document: unknown): Corrected {
  const version = valueAt(document, 'info', 'version')
  let result = document
  const corrections = actions.map(({ keys, update, ...told }): Correction => {
    if (!isUpTo(String(version), told.until)) return { ...told, state: 'expired' }
    const before = result
    result = changedAt(result, keys, (value) => (update === undefined ? undefined : merged(value, update)))
    return { ...told, state: result === before ? 'idle' : 'applied' }
  })
  return { document: result, corrections }
}

/** The value with another in place of what stands at the end of a way; the same value where that is the same. */
function changedAt(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value)
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value
    const at = /^\d+$/.test(key) ? Number(key) : -1
    if (!(at in list)) return value
    const inner = changedAt(list[at], rest, change)
    if (inner === list[at]) return value
    return inner === undefined ? list.toSpliced(at, 1) : list.with(at, inner)
  }
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  const inner = changedAt(value[key], rest, change)
  return inner === value[key] ? value : withMember(value, key, inner)
}

/** An object with another member, or without it: the others are not read, of which a document has many. */
function withMember(object: Readonly<Record<string, unknown>>, key: string, member: unknown): object {
  const isThere = member !== undefined
  return new Proxy(object, {
    get: (target, name) => (name === key ? member : (Reflect.get(target, name) as unknown)),
    has: (target, name) => (name === key ? isThere : Reflect.has(target, name)),
    ownKeys: (target) => [
      ...Reflect.ownKeys(target).filter((name) => name !== key),
      ...(isThere ? [key] : []),
    ],
    getOwnPropertyDescriptor: (target, name) => {
      if (name !== key) return Reflect.getOwnPropertyDescriptor(target, name)
      return isThere ? { value: member, enumerable: true, configurable: true } : undefined
    },
  })
}

/** Objects are merged by name; to a list what it lacks is added; whatever else is replaced. */
function merged(value: unknown, update: unknown): unknown {
  if (Array.isArray(value)) {
    const more = [update].flat().filter((item) => !value.some((own) => isDeepStrictEqual(own, item)))
    return more.length === 0 ? value : [...(value as unknown[]), ...more]
  }
  if (!isObject(value) || !isObject(update)) return isDeepStrictEqual(value, update) ? value : update
  let result = value
  for (const [key, inner] of Object.entries(update)) {
    const own = Object.hasOwn(value, key) ? merged(value[key], inner) : inner
    if (!Object.hasOwn(value, key) || own !== value[key]) result = { ...result, [key]: own }
  }
  return result
}

function actionsIn(text: string): Action[] {
  let overlay: unknown
  try {
    overlay = JSON.parse(text)
  } catch (error) {
    return refuse(`is not JSON: ${messageOf(error)}`)
  }
  requireKeys(overlay, 'the document', ['overlay', 'info', 'extends', 'actions'])
  if (!/^1\.0\.\d+$/.test(String(valueAt(overlay, 'overlay')))) refuse('is not of OpenAPI Overlay 1.0')
  const actions = valueAt(overlay, 'actions')
  if (!Array.isArray(actions) || actions.length === 0)
    refuse('has no actions; remove the file if it needs none')
  return (actions as unknown[]).map((action, index) => actionOf(action, `actions[${index}]`))
}

function actionOf(action: unknown, place: string): Action {
  requireKeys(action, place, ['target', 'description', 'update', 'remove'])
  const textOf = (key: string, what: string): string => {
    const text = valueAt(action, key)
    return typeof text === 'string' && text.trim() !== '' ? text : refuse(`: ${place}.${key} must be ${what}`)
  }
  const target = textOf('target', 'the JSONPath of a place')
  const [update, remove] = [valueAt(action, 'update'), valueAt(action, 'remove')]
  if ((update === undefined) === (remove !== true)) refuse(`: ${place} must either update or remove: true`)
  return {
    target,
    reason: textOf('description', 'the reason for the correction'),
    until: textOf('x-until', 'the last info.version of upstream that it holds for'),
    keys: keysOf(target, place),
    update,
  }
}

const STEP = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y

function keysOf(target: string, place: string): string[] {
  const keys: string[] = []
  for (STEP.lastIndex = 1; STEP.lastIndex < target.length;) {
    const step = target.startsWith('$') ? STEP.exec(target) : null
    if (step === null)
      return refuse(
        `: ${place}.target is ${quoted(target)}; only names and indices are supported: $.a['b'][0]`,
      )
    keys.push(step[1] ?? step[2] ?? (step[3] ?? step[4] ?? '').replace(/\\(.)/g, '$1'))
  }
  return keys.length > 0 ? keys : refuse(`: ${place}.target must name a place inside the document`)
}

function requireKeys(value: unknown, place: string, known: readonly string[]): void {
  if (!isObject(value)) return refuse(`: ${place} must be an object`)
  const unknown = Object.keys(value).find((key) => !known.includes(key) && !key.startsWith('x-'))
  if (unknown !== undefined)
    refuse(`: ${place} has ${quoted(unknown)}; known are ${known.join(', ')} and x-…`)
}

function refuse(what: string): never {
  throw new PipelineError(`${OVERLAY}${what.startsWith(':') ? '' : ' '}${what}`)
}
