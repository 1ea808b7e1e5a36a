import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ts } from '../scripts/spec/lib/typescript.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const files = ['src', 'scripts', 'test'].flatMap(sourcesIn)
const imports = files.flatMap(importsOf)
const inFolder = (folder: string) => (path: string) => path.startsWith(`${folder}/`)

/** The client's folders from the bottom up: each imports from itself and from those before it. */
const CLIENT = [
  'generated',
  'shared',
  'api',
  'errors',
  'limiter',
  'options',
  'http',
  'rank',
  'client.ts',
  'index.ts',
]
/** Entries of their own: each imports from itself, `shared`, `index.ts`, and the entries named. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  bulk: [],
  eval: ['bulk', 'middleware'],
  local: [],
  middleware: [],
  node: [],
  redis: ['bulk'],
  bullmq: [],
  otel: [],
  adapters: [],
  cli: ['bulk', 'bullmq', 'eval', 'local', 'middleware', 'local/words', 'node', 'redis'],
}
/** The pipeline's folders and files: each imports from itself and those before it. */
const SPEC = ['lib', 'fetch', 'contract', 'codegen', 'drift', 'schema', 'diff', 'report', 'release', 'cli']

describe('imports point one way', () => {
  test('through the folders of the client', () => {
    const known = [...CLIENT, ...Object.keys(ENTRIES)]
    const source = files.filter(inFolder('src'))
    expect(source.filter((path) => !known.includes(partOf(path)))).toEqual([])
    const level = (path: string): number => CLIENT.indexOf(partOf(path))
    const upwards = imports.filter(
      ({ from, to }) => inFolder('src')(to) && level(from) >= 0 && (level(to) < 0 || level(to) > level(from)),
    )
    expect(upwards).toEqual([])
  })

  test('without a cycle', () => {
    const imported = new Map(files.map((path) => [path, imports.filter(({ from }) => from === path)]))
    const reachable = (start: string, seen = new Set<string>()): Set<string> => {
      for (const { to } of imported.get(start) ?? []) {
        if (seen.has(to)) continue
        seen.add(to)
        reachable(to, seen)
      }
      return seen
    }
    expect(files.filter((path) => reachable(path).has(path))).toEqual([])
  })

  test('from the generated code to api/types.ts alone', () => {
    const readers = imports.filter(
      ({ from, to }) => inFolder('src')(from) && partOf(to) === 'generated' && partOf(from) !== 'generated',
    )
    expect(new Set(readers.map(({ from }) => from))).toEqual(new Set(['src/api/types.ts']))
  })

  test('from an entry to the client, to shared, and to the entries that it may use', () => {
    const beyond = imports.filter(({ from, to }) => {
      const allowed = ENTRIES[partOf(from)]
      if (!allowed || !inFolder('src')(to)) return false
      const isFace = to === 'src/index.ts' || allowed.includes(to.replace(/^src\/(.+)\/index\.ts$/, '$1'))
      return !isFace && ![partOf(from), 'shared'].includes(partOf(to))
    })
    expect(beyond).toEqual([])
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

test('only the entries for Node use what Node alone has', () => {
  const users = imports.filter(({ from, to }) => inFolder('src')(from) && to.startsWith('node:'))
  expect(users.filter(({ from }) => !/^src\/(?:local|cli|node)\//.test(from))).toEqual([])
})

describe('what is to run anywhere', () => {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}src/tsconfig.portable.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )

  const isPortable = (path: string): boolean => /^src\/(?!(?:cli|local|node)\/)/.test(path)

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
    expect(lookers).toEqual(['src/options/runtime.ts'])
  })
})

/** What TSDoc says is no code. */
const codeOf = (path: string): string => read(path).replace(/\/\*\*[^]*?\*\//g, '')

test('only runtime.ts, the start of the command and the fetch for Node read the environment', () => {
  const readers = files.filter((path) => inFolder('src')(path) && /\bprocess\b.*\benv\b/.test(codeOf(path)))
  expect(readers.sort()).toEqual(['src/cli/index.ts', 'src/node/node-fetch.ts', 'src/options/runtime.ts'])
})

test('files are kebab-case, and those of the code at most 250 lines long', () => {
  const own = files.filter((path) => !inFolder('src/generated')(path))
  expect(own.filter((path) => !/^[a-z\d./-]+$/.test(path))).toEqual([])
  const code = own.filter((path) => !inFolder('test')(path))
  expect(code.filter((path) => read(path).split('\n').length > 251)).toEqual([])
})

/** The folder of a module in `src/`, or its own name where it is in none. */
function partOf(path: string): string {
  return inFolder('src')(path) ? (path.split('/')[1] ?? '') : ''
}

/** The next name below a folder, that of a file without its ending. */
function nameBelow(folder: string, path: string): string {
  const [first = ''] = path.slice(folder.length + 1).split('/')
  return first.replace(/\.ts$/, '')
}

function sourcesIn(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path)
    return /\.tsx?$/.test(path) ? [path] : []
  })
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

test('the client stands on at most 9 floors of imports', () => {
  const height = (path: string): number =>
    1 +
    Math.max(
      0,
      ...imports.filter(({ from, typeOnly }) => from === path && !typeOnly).map(({ to }) => height(to)),
    )
  expect(height('src/index.ts')).toBeLessThanOrEqual(9)
})
