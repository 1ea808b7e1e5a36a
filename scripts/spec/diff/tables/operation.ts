import { PATH, type Contract } from '../../contract/index.ts'
import { rank, worst, type Change } from '../../drift.ts'
import { show, wireChange } from '../changes.ts'
import { isTrue, resolved, member, members, type Located } from '../meaning/located.ts'
import { readerOf } from '../meaning/meaning.ts'
import { moveOf } from './comparison.ts'
import { fact, flagChange, texts } from './facts.ts'
import { compareParameters, type Owners } from './parameters.ts'
import { compareJson, compareResponses } from './responses.ts'
import { schemaComparison, type CompareSchemas } from './schemas.ts'
import { compareSecurity } from './security.ts'
import { otherWords, suspiciousTexts } from './texts.ts'
import { ALWAYS } from './verdicts.ts'

/** An operation as it is compared. */
interface Operation extends Owners {
  readonly contract: Contract
  readonly root: Located
  readonly item: Located
}

/** Every difference of two contracts that a caller or a reader could see, judged by the tables. */
export function compareOperations(before: Contract, after: Contract): Change[] {
  const [old, now] = [operationOf(before), operationOf(after)]
  const requests = schemaComparison(old.reader, now.reader, 'request')
  const answers = schemaComparison(old.reader, now.reader, 'answer')
  const found = [
    ...compareVersions(before, after),
    ...compareWords(old, now),
    ...flagChange('deprecated', old.post, now.post, `POST ${PATH}`),
    ...compareSecurity(before, after),
    ...compareParameters(old, now, requests),
    ...compareBodies(old, now, requests),
    ...compareResponses(old, now, answers),
    ...compareServers(old, now),
  ]
  const isSilent = rank(worst(found.map((change) => change.class))) < rank('docs')
  return [...found, ...(isSilent ? otherWords(before, after) : []), ...suspiciousTexts(before, after)]
}

function operationOf(contract: Contract): Operation {
  const root = { value: contract, pointer: '#' }
  const item = member(member(root, 'paths'), PATH)
  return { contract, reader: readerOf(contract), root, item, post: member(item, 'post') }
}

function compareVersions({ info: from }: Contract, { info: to }: Contract): Change[] {
  if (from.version === to.version) return []
  const what = `version was ${show(from.version)}, is ${show(to.version)}`
  return [wireChange(ALWAYS.version, 'version-changed', '#/info/version', 'info', what)]
}

function compareWords(old: Operation, now: Operation): Change[] {
  return [
    ...texts(member(old.root, 'info'), member(now.root, 'info'), 'info', ['title']),
    ...texts(old.item, now.item, PATH, ['summary', 'description']),
    ...texts(old.post, now.post, `POST ${PATH}`, ['tags', 'summary', 'description', 'operationId']),
  ]
}

function compareBodies(old: Operation, now: Operation, schemas: CompareSchemas): Change[] {
  const from = resolved(member(old.post, 'requestBody'), old.reader)
  const to = resolved(member(now.post, 'requestBody'), now.reader)
  const [was, is] = [isTrue(member(from, 'required')), isTrue(member(to, 'required'))]
  return [
    ...texts(from, to, 'request', ['description']),
    ...(is && !was ? [fact('required body', 'added', to.pointer, 'request', 'is required now')] : []),
    ...(was && !is ? [fact('required body', 'removed', to.pointer, 'request', 'may be left out now')] : []),
    ...compareJson(from, to, 'request', schemas),
  ]
}

/** The innermost list of servers holds. */
function compareServers(old: Operation, now: Operation): Change[] {
  const [from, to] = [old, now].map(({ root, item, post }) => {
    const lists = [post, item, root].map((owner) => member(owner, 'servers'))
    return lists.find(({ value }) => value !== undefined)
  })
  const [before, after] = [from, to].map((list) =>
    list === undefined ? undefined : members(list).map((server) => member(server, 'url').value),
  )
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const what = `were ${show(before)}, are ${show(after)}; this package goes on calling its own base URL`
  return [fact('server', moveOf(before, after), (to ?? now.root).pointer, 'servers', what)]
}
