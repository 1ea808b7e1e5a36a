import { isObject, valueAt } from '../lib/json.ts'
import { itemsOf, member, memberAt, type Located } from '../lib/located.ts'
import { hasNoMembers } from '../lib/json-text.ts'
import { refuse, type Place } from './rules.ts'

/** The path of the operation that the SDK exposes. */
export const PATH = '/v1/rerank'

/** The media type that the SDK speaks. */
export const JSON_MEDIA_TYPE = 'application/json'

/** True if a media type is JSON, however it is spelled. */
export function isJson(spelling: string): boolean {
  return spelling.replace(/;.*/s, '').trim().toLowerCase() === JSON_MEDIA_TYPE
}

/** The path item of the operation, where it stands; undefined if a document has none. */
export function pathItemIn(document: unknown): Located | undefined {
  const root: Located = { value: document, pointer: '#' }
  const paths = member(root, 'paths')
  if (!isObject(paths.value)) return undefined
  const bases = itemsOf(member(root, 'servers')).map((server) => basePath(member(server, 'url').value))
  // A server's path comes before that of the operation.
  const path = [
    PATH,
    ...bases.filter((base) => PATH.startsWith(`${base}/`)).map((base) => PATH.slice(base.length)),
  ]
  const found = path.map((name) => member(paths, name)).find(({ value }) => value !== undefined)
  return found && referred(document, found)
}

/** Refuses paths without that of the operation. */
export function refuseMissing(paths: unknown, place: Pick<Place, 'pointer'>): never {
  if (!isObject(paths)) refuse(place, 'is not an object')
  if (!hasNoMembers(paths)) refuse(place, `has no "${PATH}"`)
  refuse(
    place,
    'is empty, so the document describes no endpoint; ask upstream, or name another one with --from',
  )
}

/** The operation, where it stands; undefined if a document has none. */
export function endpointIn(document: unknown): Located | undefined {
  const item = pathItemIn(document)
  return item && isObject(item.value) && Object.hasOwn(item.value, 'post') ? member(item, 'post') : undefined
}

function basePath(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url, 'https://relative.invalid')) return ''
  return new URL(url, 'https://relative.invalid').pathname.replace(/(?<!\/)\/+$/, '')
}

/** A path item may stand among the components. */
function referred(document: unknown, item: Located): Located {
  const seen = new Set<string>()
  let found = item
  for (;;) {
    const reference = valueAt(found.value, '$ref')
    if (typeof reference !== 'string') return found
    const [, name] = /^#\/components\/pathItems\/([\w.-]+)$/.exec(reference) ?? []
    if (name === undefined || seen.has(name) || name === '__proto__')
      refuse(found, 'does not refer to a path item')
    seen.add(name)
    found = memberAt({ value: document, pointer: '#' }, 'components', 'pathItems', name)
  }
}
