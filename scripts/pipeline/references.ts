import { quoted } from './failure.ts'
import { isObject, valueAt } from './json.ts'
import {
  object,
  refuse,
  text,
  words,
  type ComponentKind,
  type Place,
  type Rule,
  type Table,
  type TextRule,
} from './rules.ts'

const COMPONENT_NAME = /^[A-Za-z0-9._-]+$/

/** The `$ref` of a component of the given kind, which must be in the document. */
export function reference(kind: ComponentKind): TextRule {
  const prefix = `#/components/${kind}/`
  return (value, place) => {
    const target = text(value, place)
    if (!target.startsWith(prefix)) refuse(place, `refers to ${quoted(target)}, which is not in ${prefix}`)
    follow(kind, target.slice(prefix.length), place)
    return target
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

/** What a discriminator maps to: a schema's name, or a reference to it; written as a reference. */
export const schemaTarget: TextRule = (value, place) => {
  const target = text(value, place)
  return reference('schemas')(target.startsWith('#') ? target : `#/components/schemas/${target}`, place)
}

/** Notes a security scheme as used; requirements name schemes without a `$ref`. */
export function noteSecurityScheme(name: string, place: Place): void {
  follow('securitySchemes', name, place)
}

/** Whether a value is a reference in place of the thing itself. */
export function isReference(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, '$ref')
}

/** Whether nothing beside a `$ref` counts, as in OpenAPI 3.0. */
export function siblingsAreIgnored(place: Place): boolean {
  const version = valueAt(place.document, 'openapi')
  return typeof version === 'string' && version.startsWith('3.0.')
}

function follow(kind: ComponentKind, name: string, place: Place): void {
  if (!COMPONENT_NAME.test(name) || name === '__proto__') {
    refuse(place, `refers to ${quoted(name)}, which is no name of a component`)
  }
  if (valueAt(place.document, 'components', kind, name) === undefined) {
    refuse(place, `refers to ${quoted(name)}, which is missing from #/components/${kind}`)
  }
  place.follow(kind, name)
}
