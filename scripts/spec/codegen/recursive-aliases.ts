// Types that hold themselves through nothing but lists and choices: TypeScript knows them by aliases alone.

import type { IndexedAccessTypeNode, InterfaceDeclaration, Node, TypeElement, TypeNode } from 'typescript'
import { isObject, valueAt } from '../lib/json.ts'
import { ts } from '../lib/typescript.ts'

/** The generated declarations, in which such a schema is an alias that its component names. */
export function withRecursiveAliases(nodes: readonly Node[], document: unknown): Node[] {
  const names = selfHoldingIn(document)
  if (names.size === 0) return [...nodes]
  const aliasOf = aliasesFor(names)
  const aliases: Node[] = []
  const renamed = (member: TypeElement): TypeElement => {
    const name = aliasOf.get(nameOf(member))
    if (name === undefined || !ts.isPropertySignature(member) || !member.type) return member
    aliases.push(
      ts.factory.createTypeAliasDeclaration(EXPORTED, name, undefined, byAlias(member.type, aliasOf)),
    )
    const alias = ts.factory.createTypeReferenceNode(name)
    return ts.factory.updatePropertySignature(
      member,
      member.modifiers,
      member.name,
      member.questionToken,
      alias,
    )
  }
  const found = nodes.map((node) =>
    ts.isInterfaceDeclaration(node) && node.name.text === 'components' ? inSchemas(node, renamed) : node,
  )
  return [...found, ...aliases]
}

const EXPORTED = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)]

/** The schemas from which references lead back to them without passing a member of an object. */
function selfHoldingIn(document: unknown): Set<string> {
  const schemas = valueAt(document, 'components', 'schemas')
  const names = isObject(schemas) ? Object.keys(schemas) : []
  const next = new Map(names.map((name) => [name, directIn(isObject(schemas) ? schemas[name] : undefined)]))
  return new Set(
    names.filter((name) => {
      // A set grows while it is walked.
      const reached = new Set(next.get(name))
      for (const other of reached) for (const further of next.get(other) ?? []) reached.add(further)
      return reached.has(name)
    }),
  )
}

function directIn(schema: unknown): string[] {
  if (!isObject(schema)) return []
  const reference = schema['$ref']
  const own = typeof reference === 'string' ? [reference.slice(reference.lastIndexOf('/') + 1)] : []
  const inner = ['allOf', 'anyOf', 'oneOf', 'items', 'prefixItems'].flatMap((key) =>
    [schema[key] ?? []].flat(),
  )
  return [...own, ...inner.flatMap(directIn)]
}

function inSchemas(
  node: InterfaceDeclaration,
  replace: (member: TypeElement) => TypeElement,
): InterfaceDeclaration {
  const { factory } = ts
  const members = node.members.map((member) => {
    if (!ts.isPropertySignature(member) || nameOf(member) !== 'schemas' || !member.type) return member
    if (!ts.isTypeLiteralNode(member.type)) return member
    const type = factory.updateTypeLiteralNode(
      member.type,
      factory.createNodeArray(member.type.members.map(replace)),
    )
    return factory.updatePropertySignature(member, member.modifiers, member.name, member.questionToken, type)
  })
  return factory.updateInterfaceDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  )
}

/** A type that names schemas by their aliases: only so may an alias hold itself. */
function byAlias(type: TypeNode, aliasOf: ReadonlyMap<string, string>): TypeNode {
  const visit = (node: Node): Node => {
    const name = ts.isIndexedAccessTypeNode(node) ? aliasOf.get(schemaIn(node)) : undefined
    return name === undefined
      ? ts.visitEachChild(node, visit, undefined)
      : ts.factory.createTypeReferenceNode(name)
  }
  return visit(type) as TypeNode
}

/** The schema that `components["schemas"]["Name"]` names; empty for any other type. */
function schemaIn({ objectType, indexType }: IndexedAccessTypeNode): string {
  if (!ts.isIndexedAccessTypeNode(objectType) || !ts.isTypeReferenceNode(objectType.objectType)) return ''
  const [root, kind, name] = [objectType.objectType.typeName, textOf(objectType.indexType), textOf(indexType)]
  return ts.isIdentifier(root) && root.text === 'components' && kind === 'schemas' ? name : ''
}

function textOf(type: TypeNode): string {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : ''
}

function nameOf({ name }: TypeElement): string {
  return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : ''
}

/** A name for each alias, which no other declaration has. */
function aliasesFor(names: ReadonlySet<string>): Map<string, string> {
  return new Map([...names].map((name, index) => [name, `Recursive${index + 1}_${name.replace(/\W/g, '_')}`]))
}
