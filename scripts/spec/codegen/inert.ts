import type {
  Expression,
  Node,
  ObjectLiteralElementLike,
  SourceFile,
  SyntaxKind,
  VariableStatement,
} from 'typescript'
import { PipelineError, quoted } from '../lib/failure.ts'
import { ts } from '../lib/typescript.ts'

// All that a type may be made of. What is not named here has no business in generated code: `import()` types,
// `typeof` queries, template types, computed names, functions, classes, enums, modules, decorators.
const IN_TYPES: ReadonlySet<SyntaxKind> = new Set([
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.ExportKeyword,
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.TypeParameter,
  ts.SyntaxKind.TypeLiteral,
  ts.SyntaxKind.PropertySignature,
  ts.SyntaxKind.IndexSignature,
  ts.SyntaxKind.Parameter,
  ts.SyntaxKind.QuestionToken,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.TypeReference,
  ts.SyntaxKind.IndexedAccessType,
  ts.SyntaxKind.MappedType,
  ts.SyntaxKind.TypeOperator,
  ts.SyntaxKind.ArrayType,
  ts.SyntaxKind.TupleType,
  ts.SyntaxKind.UnionType,
  ts.SyntaxKind.IntersectionType,
  ts.SyntaxKind.ParenthesizedType,
  ts.SyntaxKind.LiteralType,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.NeverKeyword,
  ts.SyntaxKind.MinusToken,
])

const ACTING_COMMENT = /(?<!\\)@ts-|source(?:Mapping)?URL\s*=/

/**
 * Proves that a generated module cannot act: it parses, and holds interfaces, type aliases and
 * `export const name = <literal> as const` alone, with no comment that a compiler or a tool obeys.
 *
 * @throws PipelineError that names the first thing found beyond that.
 */
export function assertInert(code: string, path: string): void {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
  const [mistake] = ts.transpileModule(code, { fileName: path, reportDiagnostics: true }).diagnostics ?? []
  if (mistake !== undefined) {
    refuseAt(source, mistake.start ?? 0, ts.flattenDiagnosticMessageText(mistake.messageText, ' '))
  }
  // Without an export the declarations of a file are global, and may merge with everybody's.
  if (!ts.isExternalModule(source)) refuseAt(source, 0, 'not a module')
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) assertLiteralConstant(statement, source)
    else assertType(statement, source)
  }
  assertComments(source)
}

function assertType(node: Node, source: SourceFile): void {
  if (!IN_TYPES.has(node.kind)) refuseNode(node, source)
  ts.forEachChild(node, (child) => assertType(child, source))
}

function assertLiteralConstant(statement: VariableStatement, source: SourceFile): void {
  const [modifier, ...otherModifiers] = statement.modifiers ?? []
  const [declaration, ...others] = statement.declarationList.declarations
  const value = declaration?.initializer
  const holds =
    modifier?.getText(source) === 'export' &&
    otherModifiers.length + others.length === 0 &&
    statement.declarationList.getFirstToken(source)?.getText(source) === 'const' &&
    declaration !== undefined &&
    ts.isIdentifier(declaration.name) &&
    declaration.type === undefined &&
    value !== undefined &&
    ts.isAsExpression(value) &&
    ts.isConstTypeReference(value.type) &&
    isLiteral(value.expression)
  if (!holds) refuseNode(statement, source)
}

function isLiteral(node: Expression): boolean {
  if (ts.isObjectLiteralExpression(node)) return node.properties.every(isLiteralProperty)
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isLiteral)
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand)
  }
  return (
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  )
}

function isLiteralProperty(property: ObjectLiteralElementLike): boolean {
  return (
    ts.isPropertyAssignment(property) &&
    (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) &&
    // A literal `__proto__: value` sets the prototype.
    property.name.text !== '__proto__' &&
    isLiteral(property.initializer)
  )
}

/** Block comments only, none of which is a directive. Literals are tokens, so text inside them is not looked at. */
function assertComments(source: SourceFile): void {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, source.text)
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const comment = scanner.getTokenText()
    const acts =
      kind === ts.SyntaxKind.SingleLineCommentTrivia ||
      kind === ts.SyntaxKind.ShebangTrivia ||
      (kind === ts.SyntaxKind.MultiLineCommentTrivia && ACTING_COMMENT.test(comment))
    if (acts) refuseAt(source, scanner.getTokenStart(), `the comment ${quoted(comment)}`)
  }
}

function refuseNode(node: Node, source: SourceFile): never {
  return refuseAt(
    source,
    node.getStart(source),
    `${ts.SyntaxKind[node.kind]} ${quoted(node.getText(source))}, neither a type nor a literal constant`,
  )
}

function refuseAt(source: SourceFile, position: number, what: string): never {
  const line = source.getLineAndCharacterOfPosition(position).line + 1
  throw new PipelineError(`the generated ${source.fileName} is rejected at line ${line}: ${what}`)
}
