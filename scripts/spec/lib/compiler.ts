// The TypeScript compiler over generated types, in memory.

import type {
  CompilerHost,
  CompilerOptions,
  Diagnostic,
  Program,
  SourceFile,
  Type,
  TypeChecker,
} from 'typescript'
import { PipelineError } from './failure.ts'
import { ts } from './typescript.ts'

/** Two editions of generated types in one program, so that their types can be compared. */
export interface TypePair {
  readonly checker: TypeChecker
  /** The operations by which callers reach the types. */
  readonly before: Type
  readonly after: Type
}

const FILES = { lib: '/lib.d.ts', before: '/before.ts', after: '/after.ts' } as const

// What generated types refer to. The whole library takes ten times as long to read.
const LIB = `
interface Array<T> { readonly length: number; [index: number]: T }
interface ReadonlyArray<T> { readonly length: number; readonly [index: number]: T }
interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}
interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String {}
type Record<K extends string | number | symbol, T> = { [P in K]: T }
type Exclude<T, U> = T extends U ? never : T
type Pick<T, K extends keyof T> = { [P in K]: T[P] }
type Omit<T, K extends string | number | symbol> = { [P in Exclude<keyof T, K>]: T[P] }
`
const LIB_FILE = sourceOf(FILES.lib, LIB)

const OPTIONS: CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: [FILES.lib],
  types: [],
  noEmit: true,
}

/**
 * Reads two editions of generated types.
 *
 * @param keys - the way to the operation, from the type `paths`.
 * @throws PipelineError if one of them does not compile, or has no such operation.
 */
export function typePair(before: string, after: string, keys: readonly string[]): TypePair {
  const program = compiled({ [FILES.before]: before, [FILES.after]: after })
  const checker = program.getTypeChecker()
  const operationIn = (name: string): Type => operationType(checker, program.getSourceFile(name), keys)
  return { checker, before: operationIn(FILES.before), after: operationIn(FILES.after) }
}

/**
 * Reads generated code as its users' compiler will.
 *
 * @throws PipelineError that names the first mistake.
 */
export function assertCompiles(code: string, path: string): void {
  compiled({ [`/${path}`]: code })
}

/** The sources that compiled last, by name: one pinned contract is compared with many. */
const proven = new Map<string, SourceFile>()

function compiled(texts: Readonly<Record<string, string>>): Program {
  const sources = new Map<string, SourceFile>([[FILES.lib, LIB_FILE]])
  for (const [name, text] of Object.entries(texts)) {
    const known = proven.get(name)
    const isSame = known?.text === text
    sources.set(name, isSame ? known : sourceOf(name, text))
  }
  const program = ts.createProgram([...sources.keys()], OPTIONS, hostOf(sources))
  for (const [name, source] of sources) {
    if (proven.get(name) === source) continue
    const [mistake] = ts.getPreEmitDiagnostics(program, source)
    if (mistake) throw new PipelineError(`the generated types do not compile${placeOf(mistake)}`)
    proven.set(name, source)
  }
  return program
}

function sourceOf(name: string, text: string): SourceFile {
  const { ES2022: languageVersion } = ts.ScriptTarget
  return ts.createSourceFile(name, text, { languageVersion, jsDocParsingMode: ts.JSDocParsingMode.ParseNone })
}

function placeOf({ file, start, messageText }: Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ')
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : undefined
  return line === undefined ? `: ${message}` : `, at line ${line}: ${message}`
}

function hostOf(sources: ReadonlyMap<string, SourceFile>): CompilerHost {
  return {
    getSourceFile: (name) => sources.get(name),
    fileExists: (name) => sources.has(name),
    readFile: (name) => sources.get(name)?.text,
    getDefaultLibFileName: () => FILES.lib,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => undefined,
  }
}

function operationType(checker: TypeChecker, source: SourceFile | undefined, keys: readonly string[]): Type {
  const module = source && checker.getSymbolAtLocation(source)
  const paths = module && checker.getExportsOfModule(module).find(({ name }) => name === 'paths')
  const root = paths && checker.getDeclaredTypeOfSymbol(paths)
  const found = memberTypeAt(checker, root, keys)
  // A type that is not there would fit everything.
  if (!found || (found.flags & ts.TypeFlags.Object) === 0) {
    throw new PipelineError(`the generated types have no paths['${keys.join("']['")}']`)
  }
  return found
}

/** The type found by following members, optional or not; undefined if the way ends. */
export function memberTypeAt(
  checker: TypeChecker,
  type: Type | undefined,
  keys: readonly string[],
): Type | undefined {
  return keys.reduce<Type | undefined>(
    (found, key) => found && memberType(checker, checker.getNonNullableType(found), key),
    type,
  )
}

/** The type of a member; undefined if there is no such member. */
export function memberType(checker: TypeChecker, type: Type, key: string): Type | undefined {
  const symbol = checker.getPropertyOfType(type, key)
  return symbol && checker.getTypeOfSymbol(symbol)
}

/** The members of a union, of any other type itself; undefined is none of them. */
export function kindsIn(type: Type): Type[] {
  const kinds = type.isUnion() ? type.types : [type]
  return kinds.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0)
}
