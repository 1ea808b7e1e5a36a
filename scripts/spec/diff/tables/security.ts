// Ways to sign in are compared by what they ask for, whatever the names of their schemes.

import { PATH, type Contract } from '../../contract/index.ts'
import type { Change } from '../../drift.ts'
import { isObject } from '../../lib/json.ts'
import { resolved, member, members, textOf, type Located } from '../meaning/located.ts'
import { readerOf } from '../meaning/meaning.ts'
import { fact } from './facts.ts'

/** Demands that together let a call through; none let every call through. */
type Way = ReadonlySet<string>

const POINTER = `#/paths/${PATH.replaceAll('/', '~1')}/post/security`

/** The changes of how calls sign in: a way stays open if a new one asks for nothing more. */
export function compareSecurity(before: Contract, after: Contract): Change[] {
  const [old, now] = [waysOf(before), waysOf(after)]
  const asksMore = (way: Way, than: Way): boolean => [...way].some((demand) => !than.has(demand))
  const closed = old.filter((way) => !now.some((other) => !asksMore(other, way)))
  const opened = now.filter((way) => !old.some((other) => isSame(way, other)))
  const gone = old.filter((way) => !closed.includes(way) && !now.some((other) => isSame(way, other)))
  return [
    ...closed.map((way) =>
      fact('way to sign in', 'removed', POINTER, 'security', `no longer enough: ${named(way)}`),
    ),
    ...opened.map((way) =>
      fact('way to sign in', 'added', POINTER, 'security', `is enough now: ${named(way)}`),
    ),
    ...(opened.length > 0
      ? []
      : gone.map((way) =>
          fact('way to sign in', 'added', POINTER, 'security', `more than is needed now: ${named(way)}`),
        )),
  ]
}

function waysOf(contract: Contract): Way[] {
  const reader = readerOf(contract)
  const root = { value: contract, pointer: '#' }
  const post = member(member(member(root, 'paths'), PATH), 'post')
  const own = member(post, 'security')
  const ways = members(own.value === undefined ? member(root, 'security') : own)
  if (ways.length === 0) return [new Set()]
  return ways.map((way) => new Set(demandsOf(way, (name) => resolved(schemeAt(root, name), reader))))
}

function schemeAt(root: Located, name: string): Located {
  return member(member(member(root, 'components'), 'securitySchemes'), name)
}

function demandsOf(way: Located, scheme: (name: string) => Located): string[] {
  if (!isObject(way.value)) return []
  return Object.entries(way.value).flatMap(([name, scopes]) => {
    const demand = demandOf(scheme(name))
    const scoped = Array.isArray(scopes) ? scopes.map((scope) => `${demand} with scope ${String(scope)}`) : []
    return [demand, ...scoped]
  })
}

/** What a scheme asks for, in one line; `bearerFormat` and descriptions are words. */
function demandOf(scheme: Located): string {
  const [type, place, name, kind, url] = ['type', 'in', 'name', 'scheme', 'openIdConnectUrl'].map((key) =>
    textOf(member(scheme, key)),
  )
  const isHeader = place === 'header'
  const key = type === 'apiKey' ? [place, isHeader ? name?.toLowerCase() : name] : []
  return [type, ...key, kind?.toLowerCase(), url, ...flowsOf(member(scheme, 'flows'))]
    .filter(Boolean)
    .join(' ')
}

function flowsOf(flows: Located): string[] {
  if (!isObject(flows.value)) return []
  return Object.keys(flows.value).map((name) => {
    const urls = ['authorizationUrl', 'tokenUrl', 'refreshUrl'].map((key) =>
      textOf(member(member(flows, name), key)),
    )
    return [name, ...urls].filter(Boolean).join(' ')
  })
}

function isSame(a: Way, b: Way): boolean {
  return a.size === b.size && [...a].every((demand) => b.has(demand))
}

function named(way: Way): string {
  return way.size === 0 ? 'a call without a key' : [...way].join(' and ')
}
