// Ways to sign in are compared by what they ask for, whatever the names of their schemes.

import type { Operation, Way } from '../contract/operation.ts'
import type { Change } from '../drift.ts'
import { member, membersOf, textOf, type Located } from '../lib/located.ts'
import { wireChange } from './changes.ts'
import { wordChanges, wordsAt, type Word } from './words.ts'

/** Demands that together let a call through; none let every call through. */
type Demands = ReadonlySet<string>

/** The changes of how calls sign in: a way stays open if a new one asks for nothing more. */
export function compareSecurity(before: Operation, after: Operation): Change[] {
  const [old, now] = [before, after].map(({ ways }) => ways.map(demandsOf)) as [Demands[], Demands[]]
  const closed = old.filter((way) => !now.some((other) => asksNoMore(other, way)))
  const opened = now.filter((way) => !old.some((other) => isSame(way, other)))
  const gone = old.filter((way) => !closed.includes(way) && !now.some((other) => isSame(way, other)))
  const { pointer } = after.security
  return [
    ...closed.map((way) =>
      wireChange('breaking', 'security-removed', pointer, 'security', {
        subject: 'security',
        before: [...way],
      }),
    ),
    ...[...opened, ...(opened.length > 0 ? [] : gone)].map((way) =>
      wireChange('compatible', 'security-added', pointer, 'security', {
        subject: 'security',
        after: [...way],
      }),
    ),
    ...wordChanges(schemeWords(before), schemeWords(after), pointer, 'security'),
  ]
}

function demandsOf(way: Way): Demands {
  return new Set(
    way.flatMap(({ scheme, scopes }) => {
      const demand = demandOf(scheme)
      return [demand, ...scopes.map((scope) => `${demand} with scope ${scope}`)]
    }),
  )
}

function asksNoMore(way: Demands, than: Demands): boolean {
  return [...way].every((demand) => than.has(demand))
}

function isSame(a: Demands, b: Demands): boolean {
  return a.size === b.size && asksNoMore(a, b)
}

/** The demand of a scheme, in one line; `bearerFormat` and descriptions are words. */
function demandOf(scheme: Located): string {
  const [type, place, name, kind, url] = ['type', 'in', 'name', 'scheme', 'openIdConnectUrl'].map((key) =>
    textOf(member(scheme, key)),
  )
  const key = type === 'apiKey' ? [place, place === 'header' ? name?.toLowerCase() : name] : []
  const flows = [...membersOf(member(scheme, 'flows'))].map(([flow, place]) =>
    [flow, ...['authorizationUrl', 'tokenUrl', 'refreshUrl'].map((url) => textOf(member(place, url)))]
      .filter(Boolean)
      .join(' '),
  )
  return [type, ...key, kind?.toLowerCase(), url, ...flows].filter(Boolean).join(' ')
}

function schemeWords({ ways }: Operation): Word[] {
  return ways.flat().flatMap(({ scheme }) => wordsAt(scheme, ['description', 'bearerFormat']))
}
