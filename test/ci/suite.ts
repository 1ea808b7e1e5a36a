import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  CompilerHost,
  CompilerOptions,
  Diagnostic,
  ParsedCommandLine,
  SemanticDiagnosticsBuilderProgram,
  SourceFile,
} from 'typescript'
import { ts } from '../../scripts/spec/lib/typescript.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const TYPE_TESTS = ['test/api/types.test-d.ts', 'test/rank/rank.test-d.ts']

const { options: ROOT } = configured('tsconfig.json')
const OPTIONS: CompilerOptions = {
  ...configured('src/tsconfig.portable.json').options,
  paths: { ...ROOT.paths, vitest: ['./test/ci/vitest.d.ts'] },
  pathsBasePath: REPOSITORY,
}
const ROOTS = [
  ...configured('src/tsconfig.portable.json').fileNames,
  ...TYPE_TESTS.map((path) => REPOSITORY + path),
]

/** What the compiler reads of files that no regeneration writes; read once. */
const unchanging = new Map<string, SourceFile | undefined>()
/** What was compiled last: only what a change reaches is checked again, as by `tsc --incremental`. */
let previous: SemanticDiagnosticsBuilderProgram | undefined

/**
 * Compiles the package and its type tests, with some files as `replaced` has them.
 *
 * @param replaced - texts by path from the repository's root.
 * @returns the files that do not compile, each with its first mistake.
 */
export function mistakesWith(replaced: Readonly<Record<string, string>>): Record<string, string> {
  const host = hostWith(OPTIONS, replaced)
  previous = ts.createSemanticDiagnosticsBuilderProgram(ROOTS, OPTIONS, host, previous)
  const found: Record<string, string> = {}
  for (const { file, messageText } of mistakesIn(previous)) {
    const path = file ? relative(REPOSITORY, file.fileName) : 'tsconfig.json'
    found[path] ??= ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? ''
  }
  return found
}

function mistakesIn(program: SemanticDiagnosticsBuilderProgram): readonly Diagnostic[] {
  return [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ]
}

function configured(name: string): ParsedCommandLine {
  const { config } = ts.readConfigFile(REPOSITORY + name, (path) => ts.sys.readFile(path)) as {
    config: unknown
  }
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(REPOSITORY + name))
}

function hostWith(options: CompilerOptions, replaced: Readonly<Record<string, string>>): CompilerHost {
  const host = ts.createCompilerHost(options)
  return {
    ...host,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    getSourceFile: (name, languageVersion) => {
      const text = replaced[relative(REPOSITORY, name)]
      if (text !== undefined) return versioned(ts.createSourceFile(name, text, languageVersion, true))
      if (!unchanging.has(name)) unchanging.set(name, versioned(host.getSourceFile(name, languageVersion)))
      return unchanging.get(name)
    },
  }
}

/** A source as the incremental compiler wants it: with a version that changes with the text. */
function versioned<Source extends SourceFile | undefined>(source: Source): Source {
  return source && Object.assign(source, { version: ts.sys.createHash?.(source.text) ?? source.text })
}
