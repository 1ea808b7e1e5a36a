import { typesOf } from '../codegen/index.ts'
import { digestOf, extractContract, type Contract } from '../contract/index.ts'
import { operationOf, type Operation } from '../contract/operation.ts'
import { driftOf, type Change, type Drift, type Edition } from '../drift.ts'
import { messageOf, quoted, RefusedError } from '../lib/failure.ts'
import { valueAt } from '../lib/json.ts'
import { memberAt, resolved } from '../lib/located.ts'
import { locate } from './locate.ts'
import { lostEssentials } from './missing-endpoint.ts'
import { compareOperations, comparisonsOf, type Comparisons } from './operation.ts'
import { pathOf, typeBreaks } from './types.ts'

export { typeBreaks } from './types.ts'

/**
 * Says what it means for callers that one contract takes the place of another. The verdict is the worse of two: the
 * comparison of what travels, and the compiler. Both run, even where the first finds nothing.
 *
 * @throws RefusedError if there are no types of the new one that compile.
 * @throws PipelineError if one of them cannot tell.
 */
export async function compareContracts(before: Contract, after: Contract): Promise<Drift> {
  const [oldTypes, newTypes] = await Promise.all([typesOf(before), typesOf(after).catch(refuse)])
  const [old, now] = [operationOf(before), operationOf(after)]
  const comparisons = comparisonsOf(old, now)
  const wire = compareOperations(old, now, comparisons)
  const breaks = refusing(() => compareTypes([oldTypes, newTypes], old, now, comparisons))
  return driftOf(editionOf(before), editionOf(after), [
    ...wire,
    ...breaks.filter((one) => !isTold(one, wire, now.contract)),
  ])
}

/**
 * Says what it means for callers that an upstream document takes the place of a contract. The document may no longer
 * have the endpoint, and so not be a contract.
 *
 * @throws RefusedError if the document is rejected.
 * @throws PipelineError if a checker cannot tell.
 */
export async function compareDocument(before: Contract, document: unknown): Promise<Drift> {
  const lost = lostEssentials(document)
  if (lost.length === 0)
    return compareContracts(
      before,
      refusing(() => extractContract(document)),
    )
  const version = quoted(String(valueAt(document, 'info', 'version'))).slice(1, -1)
  return driftOf(editionOf(before), { version, sha256: null }, lost)
}

/** A contract as a report names it. */
export function editionOf(contract: Contract): Edition {
  return { version: contract.info.version, sha256: digestOf(contract) }
}

/** The changes that stop callers' code from compiling, at the places that callers know. */
function compareTypes(
  [oldTypes, newTypes]: readonly [string, string],
  old: Operation,
  now: Operation,
  { request, response }: Comparisons,
): Change[] {
  const found = typeBreaks(oldTypes, newTypes).map((one): Change => {
    const [from, to] = (one.root.startsWith('response') ? response : request).readers
    const { pointer, keys } = locate(now, to, one) ??
      locate(old, from, one) ?? { pointer: '#', keys: one.keys }
    const what = { subject: one.kind, before: one.before, after: one.after }
    const path = pathOf({ root: one.root, keys })
    return { class: 'breaking', source: 'types', kind: `types-${one.kind}`, path, what, pointer }
  })
  return [
    ...new Map(
      found.map((change) => [JSON.stringify([change.path, change.kind, change.what]), change]),
    ).values(),
  ]
}

/**
 * True if the compiler has nothing to add. A change of what travels breaks the same place then, or what is in it, or
 * the type of what it is in. Or it breaks the schema that the place shares with another.
 */
function isTold({ path, pointer }: Change, wire: readonly Change[], contract: Contract): boolean {
  const home = homeOf(contract, pointer)
  const isSame = (change: Change): boolean =>
    change.path === path ||
    /^[.[<]/.test(after(change.path, path)) ||
    (change.what.subject === 'type' && /^[.[<]/.test(after(path, change.path))) ||
    homeOf(contract, change.pointer) === home
  return wire.some((change) => change.class === 'breaking' && isSame(change))
}

/** Where references lead from a place. */
function homeOf(contract: Contract, pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  return resolved(contract, memberAt({ value: contract, pointer: '#' }, ...keys)).pointer
}

function after(path: string, start: string): string {
  return path.startsWith(start) ? path.slice(start.length) : ''
}

/** Refuses the new document where the tools fail: the same tools wrote and compiled what is pinned. */
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
