import type { TypeNode } from 'typescript'
import { PATH } from '../contract/index.ts'
import { ts } from '../lib/typescript.ts'
import { docComment, wordsOf } from './doc-comment.ts'
import { typeTree, type Member, type TypeTree } from './type-tree.ts'

/** A named type, by its role in the operation. */
interface Role {
  readonly name: string
  readonly summary: string
  /** The words in place of the description upstream. */
  readonly description?: string
  /** The way to it from the operation's types; `[]` are the items of a list. */
  readonly way: readonly string[]
  readonly direction: Direction
  /** A literal that is not part of it. */
  readonly without?: string
}

/** Callers send requests, and receive responses. */
type Direction = 'request' | 'response'

const MAX_NAME = 40
const JSON_BODY = ['content', 'application/json'] as const
const REQUEST = ['requestBody', ...JSON_BODY] as const
const RESPONSE = ['responses', '200', ...JSON_BODY] as const

const ROLES: readonly Role[] = [
  {
    name: 'RerankRequest',
    summary: 'A query and the documents to rank by it. A field that is `undefined` is not sent.',
    way: REQUEST,
    direction: 'request',
  },
  {
    name: 'ServiceTier',
    summary: 'A tier that a caller can ask for; `over-limit` appears in responses only.',
    description: [
      '- `auto`: the service may also serve requests above the rate limit.',
      '- `default`: the service rejects requests above the rate limit with a 429.',
      '- `flex`: requests use nothing of the rate limit, have a lower priority, and may still get a 429.',
    ].join('\n'),
    way: [...REQUEST, 'service_tier'],
    direction: 'request',
    without: 'over-limit',
  },
  {
    name: 'RerankResponse',
    summary: 'The scored documents of a request.',
    way: RESPONSE,
    direction: 'response',
  },
  {
    name: 'RerankResult',
    summary: 'One scored document; `index` is its place in `documents` of the request.',
    way: [...RESPONSE, 'results', '[]'],
    direction: 'response',
  },
  {
    name: 'RerankDocument',
    summary: 'A document as the server read it.',
    way: [...RESPONSE, 'results', '[]', 'document'],
    direction: 'response',
  },
  {
    name: 'RerankUsage',
    summary: 'Tokens that a request used.',
    way: [...RESPONSE, 'usage'],
    direction: 'response',
  },
]

/** A default that the client fills in, so that callers may leave the value out. */
interface FilledIn {
  readonly words: string
  readonly fallback: string
}

/** Where a type is written. */
interface Place {
  readonly role: Role
  readonly field: string
  readonly filledIn?: Readonly<Record<string, FilledIn>>
}

const FILLED_IN: Readonly<Record<string, FilledIn>> = {
  model: { words: 'IDs are case-sensitive.', fallback: `'Qwen/Qwen3-Reranker-8B'` },
}

/**
 * The source of named types for what the operation takes and gives, made of the types that the generator wrote. They
 * are found by their part in the operation, so that a schema renamed upstream renames nothing.
 *
 * @param types - The generator's types, as source code.
 */
export function rerankTypes(types: string): string {
  const tree = typeTree(types)
  const operation = ['post'].reduce(tree.at, tree.at(tree.root('paths'), PATH))
  const directions = (['request', 'response'] as const).map((direction) => {
    const roles = ROLES.filter((role) => role.direction === direction)
    return declarations(tree, direction, roles, operation)
  })
  const code = directions.join('\n\n')
  const helper = code.includes('WithRequired<') ? tree.alias('WithRequired') : undefined
  return helper === undefined ? code : `${code}\n\n${helper}`
}

/** Declares the roles of a direction, and the schemas that they refer to, by their place in the first role to do so. */
function declarations(
  tree: TypeTree,
  direction: Direction,
  roles: readonly Role[],
  operation: readonly TypeNode[],
): string {
  const names = new Map<TypeNode, string>()
  const taken = new Set(ROLES.map(({ name }) => name))
  const declared: string[] = []
  const isRequest = direction === 'request'

  const found = roles.map((role) => {
    const { parts, left, comment } = partsAt(tree, role, operation)
    for (const part of parts) names.set(tree.resolve(part), role.name)
    for (const part of left) names.set(tree.resolve(part), 'never')
    return { role, parts, comment }
  })
  for (const { role, parts, comment } of found) {
    const summary = parts.length === 0 ? 'Nothing: the contract has no such part.' : role.summary
    const filledIn = role.way === REQUEST ? FILLED_IN : {}
    const description = role.description ?? wordsOf(comment).description
    declare(role.name, parts, [summary, description], { role, field: '', filledIn })
  }
  return declared.join('\n\n')

  function declare(name: string, nodes: readonly TypeNode[], words: readonly string[], place: Place): void {
    const at = declared.push('') - 1
    const [first] = nodes
    const members = first && nodes.length === 1 ? membersIn(first, place) : undefined
    const body = members
      ? `interface ${name} ${members}`
      : `type ${name} = ${unionOf(nodes.map((node) => bodyOf(node, place)))}`
    declared[at] = `${docComment(words)}\nexport ${body}`
  }

  /** A type by its name, if it has one or refers to a schema; that of a few words stands there as it is. */
  function textOf(node: TypeNode, place: Place): string {
    const type = tree.resolve(node)
    const named = names.get(type)
    if (named !== undefined) return named
    if (!tree.isReference(node) || tree.isShort(type)) return bodyOf(type, place)
    const name = freshName(place.role.name + inPascalCase(place.field))
    names.set(type, name)
    const { description } = wordsOf(tree.commentOn(node))
    declare(name, [node], [description || `A part of {@link ${place.role.name}}.`], place)
    return name
  }

  /** A type written out. */
  function bodyOf(node: TypeNode, place: Place): string {
    const type = tree.resolve(node)
    const members = membersIn(type, place)
    if (members !== undefined) return members
    const inner = (part: TypeNode): string => textOf(part, place)
    const mutable = isRequest ? 'readonly ' : ''
    if (ts.isArrayTypeNode(type)) return `${mutable}(${inner(type.elementType)})[]`
    if (ts.isTupleTypeNode(type)) return `${mutable}[${type.elements.map(inner).join(', ')}]`
    if (ts.isUnionTypeNode(type)) return unionOf(type.types.map(inner))
    if (ts.isIntersectionTypeNode(type)) return type.types.map((part) => `(${inner(part)})`).join(' & ')
    if (ts.isTypeReferenceNode(type) && type.typeArguments)
      return `${type.typeName.getText()}<${type.typeArguments.map(inner).join(', ')}>`
    return type.getText()
  }

  function membersIn(node: TypeNode, place: Place): string | undefined {
    const members = tree.members(node)
    if (members === undefined || members.length === 0) return undefined
    return `{\n${members.map((member) => memberText(member, place)).join('\n')}\n}`
  }

  function memberText(member: Member, { role, filledIn = {} }: Place): string {
    const { name, types, readonly, comment } = member
    const given = Object.hasOwn(filledIn, name) ? filledIn[name] : undefined
    const isOptional = member.optional || given !== undefined
    const parts = types.map((type) => textOf(type, { role, field: name }))
    const type = parts.length === 1 ? parts.join('') : parts.map((part) => `(${part})`).join(' & ')
    const wide = isRequest && isOptional ? unionOf([type, 'undefined']) : type
    const words = name.startsWith('[') ? '' : memberComment(comment, given)
    return `${words}${readonly ? 'readonly ' : ''}${name}${isOptional ? '?' : ''}: ${wide}`
  }

  function freshName(wanted: string): string {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`
    taken.add(name)
    return name
  }
}

function memberComment(comment: string, given: FilledIn | undefined): string {
  const { title, description, fallback, deprecated } = wordsOf(comment)
  const words = description || title || 'Not described upstream.'
  const value = given?.fallback ?? fallback
  const tags = [...(value === undefined ? [] : [`@default ${value}`]), ...(deprecated ? ['@deprecated'] : [])]
  return `${docComment([given ? `${words} ${given.words}` : words], tags)}\n`
}

/** The types of a role: the objects at its place, or whatever is there but null; and those that are left out of it. */
function partsAt(
  tree: TypeTree,
  { way, without }: Role,
  operation: readonly TypeNode[],
): { parts: readonly TypeNode[]; left: readonly TypeNode[]; comment: string } {
  const there = way.reduce<readonly TypeNode[]>(tree.at, operation)
  const all = there.flatMap(tree.branches).filter((node) => tree.resolve(node).getText() !== 'null')
  const objects = all.filter((node) => tree.members(node) !== undefined)
  const parts = objects.length > 0 ? objects : all
  const isLeft = (node: TypeNode): boolean => tree.resolve(node).getText().slice(1, -1) === without
  const comment = [...there, ...there.flatMap(tree.parts), ...parts].map(tree.commentOn).find(Boolean) ?? ''
  return { parts: parts.filter((node) => !isLeft(node)), left: parts.filter(isLeft), comment }
}

function unionOf(parts: readonly string[]): string {
  const once = new Set(parts)
  once.delete('never')
  return once.size === 0 ? 'never' : [...once].join(' | ')
}

function inPascalCase(name: string): string {
  const words = name.match(/[A-Za-z0-9]+/g) ?? []
  return words
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
    .slice(0, MAX_NAME)
}
