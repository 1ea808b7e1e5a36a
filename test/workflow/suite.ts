import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const TYPE_TESTS = ['test/types.test-d.ts', 'test/rank.test-d.ts']

/** What the compiler reads of files that no regeneration writes; read once. */
const unchanging = new Map<string, ts.SourceFile | undefined>()
let previous: ts.Program | undefined

/**
 * Compiles the package and its type tests, with some files as `replaced` has them.
 *
 * @param replaced - texts by path from the repository's root.
 * @returns the files that do not compile, each with its first mistake.
 */
export function mistakesWith(replaced: Readonly<Record<string, string>>): Record<string, string> {
  const { options } = configured('tsconfig.json')
  const { fileNames } = configured('tsconfig.build.json')
  const rootNames = [...fileNames, ...TYPE_TESTS.map((path) => REPOSITORY + path)]
  const program = ts.createProgram({
    rootNames,
    options,
    host: hostWith(options, replaced),
    ...(previous ? { oldProgram: previous } : {}),
  })
  previous = program
  const found: Record<string, string> = {}
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const path = file ? relative(REPOSITORY, file.fileName) : 'tsconfig.json'
    found[path] ??= ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? ''
  }
  return found
}

function configured(name: string): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(REPOSITORY + name, (path) => ts.sys.readFile(path)) as {
    config: unknown
  }
  return ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY)
}

function hostWith(options: ts.CompilerOptions, replaced: Readonly<Record<string, string>>): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  return {
    ...host,
    getSourceFile: (name, languageVersion) => {
      const text = replaced[relative(REPOSITORY, name)]
      if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true)
      if (!unchanging.has(name)) unchanging.set(name, host.getSourceFile(name, languageVersion))
      return unchanging.get(name)
    },
  }
}
