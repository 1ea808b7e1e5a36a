import { quoted } from '../lib/failure.ts'
import { isObject, valueAlong, valueAt } from '../lib/json.ts'
import {
  inOrder,
  inside,
  object,
  refuse,
  type ComponentKind,
  type ObjectRule,
  type Place,
  type Rule,
  type Table,
  type TextRule,
} from './rules.ts'
import { text, words } from './text-rules.ts'

/** The kinds of component that are written where they are used. */
export type InlinedKind = 'responses' | 'parameters' | 'requestBodies'

const COMPONENT_NAME = /^[A-Za-z0-9._-]+$/
// What is inside a component and referred to becomes one itself.
const INNER_NAME = /^[A-Za-z0-9._-]+(?:\/[$A-Za-z0-9._-]+){2,}$/
const MAX_INLINED = 64 * 1024

/** The `$ref` of a component of the given kind, which must be in the document. */
export function reference(kind: ComponentKind): TextRule {
  const prefix = `#/components/${kind}/`
  return (value, place) => {
    const name = nameIn(prefix, value, place)
    follow(kind, name, place)
    const own = ownName(name)
    if (own !== name && valueAt(place.document, 'components', kind, own) !== undefined)
      refuse(
        place,
        `refers to ${quoted(name)}, which would get the name ${quoted(own)}, which another component has`,
      )
    return `${prefix}${own}`
  }
}

/**
 * An object, or a reference to one among the components of a kind: what it names takes the reference's place, so that
 * it is found where it is used. A description beside the reference counts instead of its own, as OpenAPI 3.1 has it.
 *
 * @param table - The keys of the object, in canonical order.
 */
export function inlined(kind: InlinedKind, whole: ObjectRule, table: Table): Rule {
  const prefix = `#/components/${kind}/`
  return (value, place) => {
    if (!isReference(value)) return whole(value, place)
    const seen = new Set<string>()
    let [found, at]: [unknown, Place] = [value, place]
    while (isReference(found)) {
      const name = nameIn(prefix, valueAt(found, '$ref'), inside(at, '$ref'))
      if (seen.has(name)) refuse(place, 'refers to itself in a circle')
      seen.add(name)
      found = component(kind, name, at)
      at = ['components', kind, name].reduce<Place>(inside, { ...place, pointer: '#', level: 0 })
    }
    const rebuilt = whole(found, at)
    // It may be used a hundred times.
    if (JSON.stringify(rebuilt).length > MAX_INLINED) refuse(at, 'is more than 64 KiB of text')
    const given = siblingsAreIgnored(place) ? undefined : valueAt(value, 'description')
    const description = given === undefined ? undefined : words(given, inside(place, 'description'))
    return description === undefined ? rebuilt : inOrder(table, { ...rebuilt, description })
  }
}

/** An object that may stand elsewhere, among the components of its kind. */
export function referenceOr(kind: ComponentKind, whole: Rule): Rule {
  const bare: Table = { $ref: reference(kind) }
  const described: Table = { ...bare, summary: words, description: words }
  return (value, place) => {
    if (!isReference(value)) return whole(value, place)
    return object(siblingsAreIgnored(place) ? bare : described)(value, place)
  }
}

/** The name of the component that stands for a place inside one: `RerankResponse.defs.Usage`. */
export function ownName(name: string): string {
  return name.replaceAll('/', '.').replaceAll('$', '')
}

/** The target of a discriminator, which is a schema's name or a reference; written as a reference. */
export const schemaTarget: TextRule = (value, place) => {
  const target = text(value, place)
  return reference('schemas')(target.startsWith('#') ? target : `#/components/schemas/${target}`, place)
}

/** Notes a security scheme as used; requirements name schemes without a `$ref`. */
export function noteSecurityScheme(name: string, place: Place): void {
  follow('securitySchemes', name, place)
}

/** True if a value is a reference in place of the thing itself. */
export function isReference(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, '$ref')
}

/** True if nothing beside a `$ref` counts, as in OpenAPI 3.0. */
export function siblingsAreIgnored(place: Place): boolean {
  const version = valueAt(place.document, 'openapi')
  return typeof version === 'string' && version.startsWith('3.0.')
}

function nameIn(prefix: string, value: unknown, place: Place): string {
  const target = text(value, place)
  if (!target.startsWith(prefix)) refuse(place, `refers to ${quoted(target)}, which is not in ${prefix}`)
  return target.slice(prefix.length)
}

function follow(kind: ComponentKind, name: string, place: Place): void {
  component(kind, name, place)
  place.follow(kind, name)
}

function component(kind: ComponentKind | InlinedKind, name: string, place: Place): unknown {
  const isName = COMPONENT_NAME.test(name) || (kind === 'schemas' && INNER_NAME.test(name))
  if (!isName || name.split('/').includes('__proto__')) {
    refuse(place, `refers to ${quoted(name)}, which is not a valid name of a component`)
  }
  return (
    valueAlong(place.document, ['components', kind, ...name.split('/')]) ??
    refuse(place, `refers to ${quoted(name)}, which is missing from #/components/${kind}`)
  )
}
