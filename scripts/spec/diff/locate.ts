import { PATH, type Contract } from '../contract/index.ts'
import { jsonOf, resolved, schemaOf, member, type Located } from './meaning/located.ts'
import { readerOf, type Reader } from './meaning/meaning.ts'
import { parametersOf } from './tables/parameters.ts'

/** The pointer of what a path of keys names below a root of the operation; undefined where a contract has no such thing. */
export function locate(contract: Contract, root: string, keys: readonly string[]): string | undefined {
  const reader = readerOf(contract)
  const item = member(member({ value: contract, pointer: '#' }, 'paths'), PATH)
  const post = member(item, 'post')
  const follow = (schema: Located | undefined, path: readonly string[]): string | undefined =>
    path.reduce<Located | undefined>((found, key) => found && step(reader, found, key), schema)?.pointer

  if (root === 'request') return follow(bodyOf(member(post, 'requestBody'), reader), keys)
  if (root !== 'parameters')
    return follow(bodyOf(member(member(post, 'responses'), root.slice('answer '.length)), reader), keys)
  const [place, name, ...rest] = keys
  if (place === undefined || name === undefined) return `${post.pointer}/parameters`
  const parameter = parametersOf({ reader, post }).get(`${place}.${name}`)
  return rest.length === 0 ? parameter?.pointer : follow(parameter && schemaOf(parameter), rest)
}

function bodyOf(place: Located, reader: Reader): Located | undefined {
  const schema = member(jsonOf(resolved(place, reader)), 'schema')
  return schema.value === undefined ? undefined : schema
}

function step(reader: Reader, schema: Located, key: string): Located | undefined {
  const inner = key === '[]' ? 'items' : key === '[*]' ? 'additionalProperties' : undefined
  for (const { keywords, properties } of reader.read(schema).branches) {
    const found = inner === undefined ? properties.get(key) : keywords.get(inner)
    if (found) return found
  }
  return undefined
}
