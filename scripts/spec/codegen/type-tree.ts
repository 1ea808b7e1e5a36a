// Reads generated types: follows their references, and takes them apart into branches and members.

import type { Node, PropertySignature, SourceFile, TypeElement, TypeNode } from 'typescript'
import { ts } from '../lib/typescript.ts'

/** A member of an object type: a property, or an index signature if there is no name. */
export interface Member {
  /** As it stands in the source, quoted where it must be. */
  readonly name: string
  /** One type, or several that hold together. */
  readonly types: readonly TypeNode[]
  readonly optional: boolean
  readonly readonly: boolean
  /** The comment before it, without its marks; empty if there is none. */
  readonly comment: string
}

/** Types as they are declared in one file. */
export interface TypeTree {
  /** True if a type is a name for a schema of the document. */
  isReference: (node: TypeNode) => boolean
  /** The type itself, behind references and parentheses. */
  resolve: (node: TypeNode) => TypeNode
  /** The types of a union, nested ones and those behind references included; of any other type itself. */
  branches: (node: TypeNode) => TypeNode[]
  /** The members of a type that is one object, however it is composed; undefined if it is none. */
  members: (node: TypeNode) => readonly Member[] | undefined
  /** The types at a key of a type; `[]` leads to the items of arrays. */
  at: (nodes: readonly TypeNode[], key: string) => TypeNode[]
  /** The types that a union names; none of any other type. */
  parts: (node: TypeNode) => readonly TypeNode[]
  /** True if a type is a literal, or a union of literals. */
  isShort: (node: TypeNode) => boolean
  /** The comment before the declaration of a type that is referred to. */
  commentOn: (node: TypeNode) => string
  /** The interface of a name. */
  root: (name: string) => TypeNode[]
  /** The source of a type alias; undefined if there is none of that name. */
  alias: (name: string) => string | undefined
}

const MAX_SHORT = 200

/** The tree of a module's source. */
export function typeTree(code: string): TypeTree {
  const source = ts.createSourceFile('types.ts', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
  const declared = new Map(
    source.statements.flatMap((statement) =>
      ts.isInterfaceDeclaration(statement) ? [[statement.name.text, statement.members] as const] : [],
    ),
  )

  const aliases = new Map(
    source.statements.flatMap((statement) =>
      ts.isTypeAliasDeclaration(statement) ? [[statement.name.text, statement] as const] : [],
    ),
  )
  const aliased = (node: TypeNode): TypeNode | undefined =>
    ts.isTypeReferenceNode(node) && !node.typeArguments
      ? aliases.get(node.typeName.getText(source))?.type
      : undefined

  const declarationOf = (node: TypeNode): PropertySignature | undefined => {
    if (!ts.isIndexedAccessTypeNode(node)) return undefined
    const keys: string[] = []
    let inner: TypeNode = node
    for (; ts.isIndexedAccessTypeNode(inner); inner = inner.objectType) {
      if (!ts.isLiteralTypeNode(inner.indexType) || !ts.isStringLiteral(inner.indexType.literal))
        return undefined
      keys.unshift(inner.indexType.literal.text)
    }
    let elements: readonly TypeElement[] = declared.get(inner.getText(source)) ?? []
    let found: PropertySignature | undefined
    for (const key of keys) {
      found = elements.filter(ts.isPropertySignature).find(({ name }) => nameOf(name) === key)
      elements = found?.type && ts.isTypeLiteralNode(found.type) ? found.type.members : []
    }
    return found
  }

  const resolve = (node: TypeNode): TypeNode => {
    const inner = ts.isParenthesizedTypeNode(node) ? node.type : (aliased(node) ?? declarationOf(node)?.type)
    return inner ? resolve(inner) : node
  }

  const branches = (node: TypeNode, seen = new Set<TypeNode>()): TypeNode[] => {
    const type = resolve(node)
    if (!ts.isUnionTypeNode(type) || seen.has(type)) return [node]
    return type.types.flatMap((branch) => branches(branch, new Set([...seen, type])))
  }

  const members = (node: TypeNode, seen = new Set<TypeNode>()): readonly Member[] | undefined => {
    const type = resolve(node)
    if (seen.has(type)) return undefined
    const inner = (part: TypeNode): readonly Member[] | undefined => members(part, new Set([...seen, type]))
    if (ts.isTypeLiteralNode(type)) return type.members.map((member) => memberOf(member, source))
    if (ts.isIntersectionTypeNode(type)) return merged(type.types.map(inner))
    if (!ts.isTypeReferenceNode(type)) return undefined
    const [of, keys] = type.typeArguments ?? []
    const all = of && inner(of)
    if (!all || !keys) return undefined
    const named = new Set(branches(keys).map((key) => unquoted(key.getText(source))))
    const isNamed = ({ name }: Member): boolean => named.has(unquoted(name))
    switch (type.typeName.getText(source)) {
      case 'WithRequired':
        return all.map((member) => (isNamed(member) ? { ...member, optional: false } : member))
      case 'Omit':
        return all.filter((member) => !isNamed(member))
      default:
        return undefined
    }
  }

  const at = (nodes: readonly TypeNode[], key: string): TypeNode[] =>
    nodes.flatMap((node) => branches(node)).flatMap((branch) => within(resolve(branch), key))

  const within = (type: TypeNode, key: string): readonly TypeNode[] => {
    if (key === '[]') return ts.isArrayTypeNode(type) ? [type.elementType] : []
    const all = members(type)
    if (all) return all.find(({ name }) => unquoted(name) === key)?.types.slice(-1) ?? []
    return ts.isIntersectionTypeNode(type) ? at(type.types, key) : []
  }

  const parts = (node: TypeNode): readonly TypeNode[] => {
    const type = resolve(node)
    return ts.isUnionTypeNode(type) ? type.types : []
  }

  const isShort = (node: TypeNode): boolean => {
    const isWord = (part: TypeNode): boolean =>
      ts.isLiteralTypeNode(part) || part.kind < ts.SyntaxKind.FirstTypeNode
    const length = node.end - node.pos
    return length <= MAX_SHORT && (isWord(node) || (ts.isUnionTypeNode(node) && node.types.every(isWord)))
  }

  return {
    isReference: (node) => (aliased(node) ?? declarationOf(node)) !== undefined,
    resolve,
    branches: (node) => branches(node),
    members: (node) => members(node),
    at,
    parts,
    isShort,
    commentOn: (node) => {
      const declaration = declarationOf(node)
      return declaration ? commentBefore(declaration, source) : ''
    },
    root: (name) => {
      const elements = declared.get(name)
      return elements ? [ts.factory.createTypeLiteralNode(elements)] : []
    },
    alias: (name) => aliases.get(name)?.getText(source),
  }
}

function memberOf(member: TypeElement, source: SourceFile): Member {
  const comment = commentBefore(member, source)
  if (ts.isPropertySignature(member) && member.type) {
    return {
      name: member.name.getText(source),
      types: [member.type],
      optional: member.questionToken !== undefined,
      readonly: member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) ?? false,
      comment,
    }
  }
  if (ts.isIndexSignatureDeclaration(member)) {
    const [parameter] = member.parameters
    const name = `[${parameter?.getText(source) ?? ''}]`
    return { name, types: [member.type], optional: false, readonly: false, comment }
  }
  throw new TypeError(`neither a property nor an index signature: ${member.getText(source)}`)
}

/** The members of objects that a value is all of; undefined if they cannot stand in one object type. */
function merged(parts: readonly (readonly Member[] | undefined)[]): readonly Member[] | undefined {
  const found = new Map<string, Member>()
  for (const part of parts) {
    if (part === undefined) return undefined
    for (const member of part) {
      const before = found.get(unquoted(member.name))
      found.set(unquoted(member.name), before ? both(before, member) : member)
    }
  }
  const all = [...found.values()]
  // An index signature speaks for the properties beside it as well, unless it was written apart from them.
  const isOpen = ({ name, types }: Member): boolean =>
    !name.startsWith('[') || types.every(({ kind }) => kind === ts.SyntaxKind.UnknownKeyword)
  return all.length === 1 || all.every(isOpen) ? all : undefined
}

function both(a: Member, b: Member): Member {
  return {
    name: a.name,
    types: [...a.types, ...b.types],
    optional: a.optional && b.optional,
    readonly: a.readonly && b.readonly,
    comment: b.comment === '' ? a.comment : b.comment,
  }
}

function commentBefore(node: Node, source: SourceFile): string {
  const range = ts.getLeadingCommentRanges(source.text, node.pos)?.at(-1)
  return range ? source.text.slice(range.pos + 3, range.end - 2) : ''
}

function nameOf(name: PropertySignature['name']): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)
    ? name.text
    : name.getText()
}

function unquoted(name: string): string {
  return name.replace(/^(['"])(.*)\1$/s, '$2')
}
