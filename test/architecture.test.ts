import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const files = ['src', 'scripts', 'test'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
)
const imports = files.flatMap(importsOf)
const inFolder = (folder: string) => (path: string) => path.startsWith(`${folder}/`)

/** The client's modules from the bottom up: each imports from its own row and the rows before it. */
const LAYERS = [
  ['types'],
  [
    'refuse',
    'runtime',
    'headers',
    'rate-limit',
    'limits',
    'errors',
    'words',
    'hooks',
    'option-rules',
    'options',
    'redact',
    'answer',
    'body',
    'pace',
  ],
  ['failure', 'cooldown', 'request', 'retry', 'together', 'candidates', 'rank-options'],
  ['transport'],
  ['attempt'],
  ['paced'],
  ['call'],
  ['rank'],
  ['client'],
  ['index'],
]
/** What the command is made of beside the client: the package as its users see it. */
const COMMAND_STANDS_ON = ['src/local/index.ts', 'src/bulk/index.ts']
const LEAVES = ['src/local', 'src/bulk', 'src/adapters', 'src/cli']
/** The pipeline's folders and files: each imports from itself and those before it. */
const SPEC = ['lib', 'fetch', 'contract', 'codegen', 'drift', 'schema', 'diff', 'report', 'release', 'cli']

describe('imports point one way', () => {
  test('through the layers of the client', () => {
    const layerOf = (path: string): number =>
      LAYERS.findIndex((layer) => layer.some((name) => path === `src/${name}.ts`))
    const client = files.filter((path) => /^src\/[^/]+\.ts$/.test(path))
    expect(client.filter((path) => layerOf(path) < 0)).toEqual([])
    expect(
      imports.filter(
        ({ from, to }) => client.includes(from) && client.includes(to) && layerOf(to) > layerOf(from),
      ),
    ).toEqual([])
  })

  test('without a cycle', () => {
    const reachable = (start: string, seen = new Set<string>()): Set<string> => {
      for (const { from, to } of imports) {
        if (from !== start || seen.has(to)) continue
        seen.add(to)
        reachable(to, seen)
      }
      return seen
    }
    expect(files.filter((path) => reachable(path).has(path))).toEqual([])
  })

  test('from the generated code to types.ts alone', () => {
    const readers = imports.filter(({ from, to }) => inFolder('src')(from) && inFolder('src/generated')(to))
    expect(new Set(readers.map(({ from }) => from))).toEqual(new Set(['src/types.ts']))
  })

  test('from the index to what stands on it, and from there to nobody', () => {
    const leaf = (path: string): string | undefined => LEAVES.find((folder) => inFolder(folder)(path))
    const within = imports.filter(({ to }) => inFolder('src')(to))
    expect(within.filter(({ from, to }) => !leaf(from) && leaf(to) && inFolder('src')(from))).toEqual([])
    const isOpen = (from: string, to: string): boolean =>
      to === 'src/index.ts' || (inFolder('src/cli')(from) && COMMAND_STANDS_ON.includes(to))
    expect(
      within.filter(({ from, to }) => leaf(from) && leaf(from) !== leaf(to) && !isOpen(from, to)),
    ).toEqual([])
  })

  test('into the embedded endpoint as types alone', () => {
    const values = imports.filter(
      ({ from, to, typeOnly }) => inFolder('src/local')(from) && !typeOnly && to === 'src/index.ts',
    )
    expect(values).toEqual([])
  })

  test('through the folders of the pipeline', () => {
    const folder = (path: string): number => SPEC.indexOf(nameBelow('scripts/spec', path))
    const own = files.filter(inFolder('scripts/spec'))
    expect(own.filter((path) => folder(path) < 0)).toEqual([])
    const within = imports.filter(({ from, to }) => own.includes(from) && own.includes(to))
    expect(within.filter(({ from, to }) => folder(to) > folder(from))).toEqual([])
  })

  test('from the steps of workflows to the pipeline, and never back', () => {
    expect(
      imports.filter(({ from, to }) => inFolder('scripts/spec')(from) && inFolder('scripts/ci')(to)),
    ).toEqual([])
  })

  test('never between src and scripts', () => {
    const crossing = imports.filter(
      ({ from, to }) =>
        (inFolder('src')(from) && inFolder('scripts')(to)) ||
        (inFolder('scripts')(from) && inFolder('src')(to)),
    )
    expect(crossing).toEqual([])
  })
})

test('only the embedded endpoint and the command use what Node alone has', () => {
  const users = imports.filter(({ from, to }) => inFolder('src')(from) && to.startsWith('node:'))
  expect(users.filter(({ from }) => !/^src\/(?:local|cli)\//.test(from))).toEqual([])
})

describe('what is to run anywhere', () => {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.portable.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )

  const isPortable = (path: string): boolean => /^src\/(?:[^/]+|(?:bulk|adapters)\/.+)$/.test(path)

  test('is compiled as such', () => {
    const portable = files.filter(isPortable)
    expect(portable.length).toBeGreaterThan(30)
    expect(config?.fileNames.map((path) => posix.relative(root, path)).sort()).toEqual(portable.sort())
  })

  test('cannot name what Node alone has', () => {
    const names = ['process', 'Buffer', 'setImmediate', '__dirname', '__filename', 'global', 'require']
    const planted = ts.createSourceFile('planted.ts', names.join('\n'), ts.ScriptTarget.ES2022)
    const options = config?.options ?? {}
    const host = ts.createCompilerHost(options)
    const getSourceFile: typeof host.getSourceFile = (name, ...rest) =>
      name === planted.fileName ? planted : host.getSourceFile(name, ...rest)
    const program = ts.createProgram([planted.fileName], options, { ...host, getSourceFile })
    const complaints = program
      .getSemanticDiagnostics(planted)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ''))
    expect(complaints.map((text) => /^Cannot find name '(\w+)'/.exec(text)?.[1])).toEqual(names)
  })

  test('finds out in runtime.ts alone what the runtime has beyond that', () => {
    const lookers = files.filter((path) => isPortable(path) && /\bglobalThis as\b/.test(read(path)))
    expect(lookers).toEqual(['src/runtime.ts'])
  })
})

/** What TSDoc says is no code. */
const codeOf = (path: string): string => read(path).replace(/\/\*\*[^]*?\*\//g, '')

test('only runtime.ts and the start of the command read the environment', () => {
  const readers = files.filter((path) => inFolder('src')(path) && /\bprocess\b.*\benv\b/.test(codeOf(path)))
  expect(readers.sort()).toEqual(['src/cli/index.ts', 'src/runtime.ts'])
})

test('files are kebab-case, and those of the code at most 250 lines long', () => {
  const own = files.filter((path) => !inFolder('src/generated')(path))
  expect(own.filter((path) => !/^[a-z\d./-]+$/.test(path))).toEqual([])
  const code = own.filter((path) => !inFolder('test')(path))
  expect(code.filter((path) => read(path).split('\n').length > 251)).toEqual([])
})

/** The next name below a folder, that of a file without its ending. */
function nameBelow(folder: string, path: string): string {
  const [first = ''] = path.slice(folder.length + 1).split('/')
  return first.replace(/\.ts$/, '')
}

function importsOf(from: string): Import[] {
  const statements = read(from).matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]/gm)
  return [...statements].map(([, type, to = '']) => ({
    from,
    to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
    typeOnly: type !== undefined,
  }))
}

function read(path: string): string {
  return readFileSync(root + path, 'utf8')
}
