import { lostEssentials } from './essentials.ts'
import { locate } from './locate.ts'
import { wireChanges, type OasdiffOptions } from './oasdiff/oasdiff.ts'
import { compareOperations } from './tables/operation.ts'
import { ALWAYS, OASDIFF } from './tables/verdicts.ts'
import { typeBreaks } from './types.ts'
import { extractContract, type Contract } from '../contract/index.ts'
import { driftOf, rank, type Change, type Drift, type Edition } from '../drift.ts'
import { digestOf } from '../contract/index.ts'
import { typesOf } from '../codegen/index.ts'
import { messageOf, printableLine, quoted, RefusedError } from '../lib/failure.ts'
import { valueAt } from '../lib/json.ts'

export { typeBreaks } from './types.ts'

/** How contracts are compared. */
export interface CompareOptions extends OasdiffOptions {
  /** Asks oasdiff. @default a process for each pair of contracts */
  readonly wire?: typeof wireChanges
}

/**
 * What it means for callers that one contract takes the place of another: the worst that the tables, oasdiff and the
 * compiler say. All of them are asked, also where the first finds nothing.
 *
 * @throws RefusedError if there are no types of the new one that compile.
 * @throws PipelineError if one of them cannot tell.
 */
export async function compareContracts(
  before: Contract,
  after: Contract,
  options: CompareOptions = {},
): Promise<Drift> {
  const { wire = wireChanges } = options
  const [oasdiff, oldTypes, newTypes] = await Promise.all([
    wire(before, after, options),
    typesOf(before),
    typesOf(after).catch(refuse),
  ])
  const ours = compareOperations(before, after)
  const types = refusing(() => typeBreaks(oldTypes, newTypes)).map((found): Change => {
    const pointer = locate(after, found.root, found.keys) ?? locate(before, found.root, found.keys) ?? '#'
    const text = printableLine(`${found.where}: ${found.what}`)
    return { class: ALWAYS['type break'], source: 'types', id: found.id, text, pointer }
  })
  const seen = withTypes(distinct(ours), distinct(types))
  return driftOf(editionOf(before), editionOf(after), [
    ...seen,
    ...distinct(oasdiff).filter((change) => !isSeen(change, seen)),
  ])
}

/**
 * What it means for callers that an upstream document takes the place of a contract; also where that document has no
 * such endpoint any more, and so no contract.
 *
 * @throws RefusedError if the document is refused.
 * @throws PipelineError if a witness cannot tell.
 */
export async function compareDocument(
  before: Contract,
  document: unknown,
  options: CompareOptions = {},
): Promise<Drift> {
  const lost = lostEssentials(document)
  if (lost.length === 0) {
    const after = refusing(() => extractContract(document))
    return compareContracts(before, after, options)
  }
  const version = quoted(String(valueAt(document, 'info', 'version'))).slice(1, -1)
  return driftOf(editionOf(before), { version, sha256: null }, lost)
}

/** The same tools have written and compiled what is pinned: where they fail now, the new document is at fault. */
function refusing<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    return refuse(error)
  }
}

function refuse(error: unknown): never {
  throw new RefusedError(messageOf(error), { cause: error })
}

/** A contract as a report names it. */
export function editionOf(contract: Contract): Edition {
  return { version: contract.info.version, sha256: digestOf(contract) }
}

/** A schema that is used in several places changes once. */
function distinct(changes: readonly Change[]): Change[] {
  const key = (change: Change): string =>
    JSON.stringify([
      ...[change.class, change.id, change.pointer],
      change.pointer.includes('/components/') ? whatOf(change) : change.text,
    ])
  return [...new Map(changes.toReversed().map((change) => [key(change), change])).values()].reverse()
}

/** Where both witnesses call the same place breaking, the compiler explains what the wire found. */
function withTypes(wire: readonly Change[], types: readonly Change[]): Change[] {
  const explained = new Set<Change>()
  // What says the same of the same place, and takes it less seriously, is no line of its own.
  const told = wire.filter(
    ({ text, class: own }) => !types.some((type) => type.text === text && rank(own) < rank(type.class)),
  )
  const merged = told.map((change) => {
    if (change.class !== 'breaking') return change
    const found = types.filter((type) => isSamePlace(change, type) && isSameMatter(change, type))
    for (const type of found) explained.add(type)
    const news = found.map(whatOf).find((what) => !change.text.endsWith(what))
    return news === undefined
      ? change
      : { ...change, text: printableLine(`${change.text} (in types: ${news})`) }
  })
  return [...merged, ...types.filter((type) => !explained.has(type))]
}

/** Whether a change that oasdiff reports is told already, and taken no less seriously. */
function isSeen(change: Change, told: readonly Change[]): boolean {
  const isLeftToUs = OASDIFF.some(([id]) => id.test(change.id))
  const name = /`([^`]+)`/
    .exec(change.text)?.[1]
    ?.split('/')
    .findLast((part) => part !== '' && part !== 'items')
  const isAbout = (text: string): boolean => isLeftToUs || name === undefined || text.includes(name)
  return told.some(({ class: own, text }) => rank(own) >= rank(change.class) && isAbout(text))
}

/** Whether a change of the wire concerns what a change of types does; references may stand between their pointers. */
function isSamePlace(wire: Change, { pointer, text }: Change): boolean {
  const where = text.slice(0, text.length - whatOf({ text }).length)
  return wire.pointer === pointer || wire.pointer.startsWith(`${pointer}/`) || wire.text.startsWith(where)
}

/** Whether both speak of what must be there, or neither does. */
function isSameMatter(wire: Change, type: Change): boolean {
  return wire.id.includes('-required-') === type.id.startsWith('became-')
}

function whatOf({ text }: Pick<Change, 'text'>): string {
  return text.slice(text.indexOf(': ') + 2)
}
