import type { Change } from '../../drift.ts'
import { isTrue, jsonOf, resolved, schemaOf, member, members, type Located } from '../meaning/located.ts'
import { typeOf } from '../meaning/kinds.ts'
import type { Reader } from '../meaning/meaning.ts'
import { moveOf } from './comparison.ts'
import { fact, flagChange, sideBySide, texts } from './facts.ts'
import type { CompareSchemas } from './schemas.ts'

/** What parameters belong to: an operation. */
export interface Owners {
  readonly reader: Reader
  readonly post: Located
}

/** The changes of the parameters of an operation. */
export function compareParameters(before: Owners, after: Owners, schemas: CompareSchemas): Change[] {
  return sideBySide(parametersOf(before), parametersOf(after)).flatMap(([key, old, now]) => {
    const where = `parameter ${key}`
    if (old && now) return compareParameter(old, now, where, [before.reader, after.reader], schemas)
    const place = now ?? old
    if (place === undefined) return []
    const required = isTrue(member(place, 'required'))
    const what = now ? `is new, and ${required ? 'required' : 'optional'}` : 'is gone'
    const id = required ? 'required parameter' : 'optional parameter'
    return [fact(id, moveOf(old, now), place.pointer, where, what)]
  })
}

function compareParameter(
  old: Located,
  now: Located,
  where: string,
  [before, after]: readonly [Reader, Reader],
  schemas: CompareSchemas,
): Change[] {
  const [was, is] = [old, now].map((place) => isTrue(member(place, 'required')))
  const hasParts = mayHaveParts(old, before) && mayHaveParts(now, after)
  const [oldStyle, newStyle] = [styleOf(old, hasParts), styleOf(now, hasParts)]
  return [
    ...texts(old, now, where, ['description', 'example', 'examples']),
    ...flagChange('deprecated', old, now, where),
    ...(was === is
      ? []
      : is
        ? [fact('required parameter', 'changed', now.pointer, where, 'is required now')]
        : [fact('optional parameter', 'changed', now.pointer, where, 'is optional now')]),
    ...(oldStyle === newStyle
      ? []
      : [
          fact(
            'parameter style',
            'changed',
            now.pointer,
            where,
            `was sent as ${oldStyle}, is sent as ${newStyle}`,
          ),
        ]),
    ...schemas(schemaOf(old), schemaOf(now), where),
  ]
}

/** By place and name; in a contract those of the path stand among those of the operation. */
export function parametersOf({ reader, post }: Owners): Map<string, Located> {
  return new Map(
    members(member(post, 'parameters')).map((place) => {
      const parameter = resolved(place, reader)
      return [['in', 'name'].map((key) => member(parameter, key).value).join('.'), parameter]
    }),
  )
}

const SCALARS: readonly (string | undefined)[] = ['boolean', 'integer', 'null', 'number', 'string']

function mayHaveParts(parameter: Located, reader: Reader): boolean {
  return reader.read(schemaOf(parameter)).branches.some((branch) => !SCALARS.includes(typeOf(branch)))
}

/** How a value becomes text, defaults filled in (OpenAPI 3.1, 4.8.12); to explode it, it takes parts. */
function styleOf(parameter: Located, hasParts: boolean): string {
  const where = member(parameter, 'in').value
  const said = member(parameter, 'style').value
  const style = typeof said === 'string' ? said : where === 'query' || where === 'cookie' ? 'form' : 'simple'
  const explode = member(parameter, 'explode').value ?? style === 'form'
  const flags = [
    ...(hasParts && explode === true ? ['exploded'] : []),
    ...['allowReserved', 'allowEmptyValue'].filter((key) => isTrue(member(parameter, key))),
    ...(jsonOf(parameter).value === undefined ? [] : ['JSON']),
  ]
  return [style, ...flags].join(' ')
}
