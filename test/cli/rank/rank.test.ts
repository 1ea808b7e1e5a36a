import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../../package.json' with { type: 'json' }
import { spec } from '../../../src/index.ts'
import { serveLocalReranker } from '../../../src/local/index.ts'
import type { Command } from '../../helpers/command.ts'
import { busy, reply, reset, serveFaults, stall } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'

const CITIES = 'Belgrade is the capital of Serbia.\nThe capital of France is Paris.\n\nAmsterdam\n'
const ESCAPES = 'capital \u001B[31mred\u001B]0;title\u0007 \u009B5m\u202Eevil\u0000 \ttab\n'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
  await command.write('cities.txt', CITIES)
  await command.write('escapes.txt', ESCAPES)
  await command.write('notes/a.md', '# A\n\nHow to install it\n')
  await command.write('notes/b.md', '# B\n\nWhat it costs\n')
  await command.write(
    'cities.jsonl',
    '{"id":1,"body":"Belgrade"}\n{"id":2,"body":"The capital of France is Paris."}\n',
  )
})
afterAll(() => command.remove())

const QUERY = 'capital of France'

describe('documents', () => {
  test('are the lines of files, best first, blank ones left out', async () => {
    const { code, stdout, stderr } = await command.run(['--local', QUERY, 'cities.txt'])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ {2}1 {2}0\.\d{3} {2}█+.? +The capital of France is Paris\.$/),
      expect.stringMatching(/^ {2}2 {2}0\.\d{3} {2}█+.? +Belgrade is the capital of Serbia\.$/),
      expect.stringMatching(/^ {2}3 {2}0\.0\d\d {2}\S+ +Amsterdam$/),
      '',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test.each([[[]], [['-']]])('come by standard input with %j for a file', async (file) => {
    const run = await command.run(['--local', QUERY, ...file], { input: CITIES })
    expect(run).toEqual(await command.run(['--local', QUERY, 'cities.txt']))
  })

  test('come from several files in their order', async () => {
    const { stdout } = await command.run(['--local', '--json', 'q', 'cities.txt', '-'], { input: 'last' })
    expect(rowsOf(stdout).at(-1)).toMatchObject({ index: 4, document: 'last' })
  })

  test('are in a field of JSON lines, whose objects --json gives back', async () => {
    const { stdout } = await command.run(['--local', '--json', '--text-field', 'body', QUERY, 'cities.jsonl'])
    expect(rowsOf(stdout)).toMatchObject([
      { rank: 1, index: 1, document: { id: 2, body: 'The capital of France is Paris.' } },
      { rank: 2, index: 0, document: { id: 1 } },
    ])
  })

  test('are whole files with --files, shown by their names', async () => {
    const args = ['--local', '--files', 'how to install', 'notes/b.md', 'notes/a.md']
    const { stdout } = await command.run(args)
    expect(stdout).toMatch(/^ {2}1 .* {2}notes\/a\.md {2}# A How to install it\n {2}2 .*notes\/b\.md/)
    const json = await command.run([...args, '--json'])
    expect(rowsOf(json.stdout)[0]).toMatchObject({ rank: 1, index: 1, file: 'notes/a.md' })
  })

  test('may be more than one request holds', async () => {
    const input = Array.from({ length: 2_500 }, (_, index) => `document ${index}`).join('\n')
    const { stdout } = await command.run(['--local', '--json', 'document 2345'], { input })
    expect(rowsOf(stdout)).toHaveLength(2_500)
    expect(rowsOf(stdout)[0]).toMatchObject({ index: 2345 })
  })
})

describe('the result', () => {
  test('is cut to the best by --top, and by --min-score', async () => {
    const top = await command.run(['--local', '--json', '--top', '2', QUERY, 'cities.txt'])
    expect(rowsOf(top.stdout)).toHaveLength(2)
    const good = await command.run(['--local', '--json', '--min-score', '0.8', QUERY, 'cities.txt'])
    expect(rowsOf(good.stdout)).toHaveLength(1)
    const none = await command.run(['--local', '--min-score', '1', QUERY, 'cities.txt'])
    expect(none).toEqual({ code: 0, stdout: '', stderr: '' })
    const never = await command.run(['--local', '--min-score', '2', QUERY, 'cities.txt'])
    expect(never).toEqual({
      code: 0,
      stdout: '',
      stderr: "No document has a score of 2 or more. The service's scores are from 0 to 1\n",
    })
  })

  test('holds no control character of a document, printed or piped', async () => {
    const { stdout } = await command.run(['--local', QUERY, 'escapes.txt'])
    expect(stdout).toMatch(/capital ␛\[31mred␛]0;title␇ �5mevil␀ tab\n$/)
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/)
    const json = await command.run(['--local', '--json', QUERY, 'escapes.txt'])
    expect(json.stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/)
    expect(rowsOf(json.stdout)[0]).toHaveProperty('document', ESCAPES.trimEnd())
  })
})

describe('in a terminal', () => {
  test.each([
    [40, 'The capital of F…'],
    [80, 'The capital of France is Paris.'],
    [200, 'The capital of France is Paris.'],
  ])('of %i columns, lines fit', async (columns, shown) => {
    const { code, stdout } = await command.runInTerminal(columns, ['--local', QUERY, 'cities.txt'])
    const lines = withoutColours(stdout).trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^ {2}# {2}score {2}relevance +document$/)
    expect(lines[1]).toMatch(new RegExp(`^  1  0\\.\\d{3}  █.* {2}${shown.replaceAll('.', '\\.')}$`))
    expect(lines.slice(0, 4).filter((line) => line.length > columns)).toEqual([])
  })

  test('wide characters count twice', async () => {
    await command.write('wide.txt', '日本語の文書はここで切られるべきです\n👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦\n')
    const { stdout } = await command.runInTerminal(40, ['--local', 'q', 'wide.txt'])
    // 17 columns are left: 8 wide characters, and the ellipsis.
    expect(withoutColours(stdout)).toContain('  日本語の文書はこ…\n')
    expect(withoutColours(stdout)).toContain(`  ${'👩‍👩‍👧‍👦'.repeat(8)}…\n`)
  })

  test('bars are green, and a summary follows', async () => {
    const { stdout } = await command.runInTerminal(80, ['--local', QUERY, 'cities.txt'])
    expect(stdout).toMatch(/\u001B\[32m█+/)
    expect(stdout).toMatch(/\n3 documents, \d+ tokens, \d+ ms, by words alone \(--local\)\n$/)
  })

  test('a summary tells how many of them are shown, and how long it took', async () => {
    const started = performance.now()
    const { stdout } = await command.runInTerminal(80, ['--local', '--top', '1', QUERY, 'cities.txt'])
    expect(stdout).toMatch(/\n1 of 3 documents, /)
    const [, ms] = / (\d+) ms, by words/.exec(stdout) ?? []
    expect(Number(ms)).toBeLessThanOrEqual(performance.now() - started + 1)
  })

  test('it says that the service is asked again, and when', async () => {
    const { url } = await serveFaults([reply(503, '{}', { 'retry-after-ms': '30' }), reset])
    const args = ['--base-url', url, QUERY, 'cities.txt']
    const { stdout } = await command.runInTerminal(80, args, { NEBIUS_API_KEY: KEY })
    expect(stdout).toMatch(/^503, again in 0\.0 s\nconnection, again in (?:0\.[5-9]|1\.0) s\n/)
    expect(stdout).toMatch(/\n3 documents, 7 tokens, \d+ ms\n$/)
  })

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('nothing is coloured with %j', async (env) => {
    const { stdout } = await command.runInTerminal(80, ['--local', QUERY, 'cities.txt'], env)
    expect(stdout).not.toContain('\u001B')
  })

  test('without documents it says how to give them', async () => {
    const { code, stdout } = await command.runInTerminal(80, ['--local', QUERY])
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: 'nebius-rerank: No documents: name a FILE, pipe lines in, or type them after `-`\n',
    })
  })
})

describe('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['no query', [], /The query is missing/],
    ['a blank query', ['  ', 'cities.txt'], /The query is missing/],
    ['no key', [QUERY, 'cities.txt'], /No API key: set NEBIUS_API_KEY, or add --local/],
    ['an unknown flag', ['--nope', QUERY], /Unknown option --nope: .* See --help/],
    ['a flag without its value', ['--top'], /--top/],
    [
      'a number that is none',
      ['--local', '--top', 'x', 'q'],
      /--top must be a whole number, 1 or more, got "x"/,
    ],
    [
      'a number out of range',
      ['--local', '--top', '0', 'q'],
      /--top must be a whole number, 1 or more, got "0"/,
    ],
    ['a score that is none', ['--local', '--min-score', '', 'q'], /--min-score must be a number, got ""/],
    [
      'another tier',
      ['--service-tier', 'over-limit', 'q'],
      /--service-tier must be one of auto, default, flex, no-limit/,
    ],
    ['a tier for --local', ['--local', '--service-tier', 'flex', 'q'], /--service-tier has no effect/],
    ['a model for --local', ['--local', '--model', 'm', 'q', 'cities.txt'], /--model has no effect/],
    ['a missing file', ['--local', QUERY, 'nowhere.txt'], /Can't read nowhere\.txt: no such file/],
    ['a folder', ['--local', QUERY, 'notes'], /Can't read notes: it is a folder/],
    ['a blank input', ['--local', QUERY], /the input is blank/],
    ['`-` twice', ['--local', QUERY, '-', '-'], /`-` can be read only once/],
    ['both forms', ['--local', '--files', '--text-field', 'x', 'q', 'a'], /choose one/],
    ['--files without one', ['--local', '--files', 'q'], /--files needs at least one FILE/],
    [
      'lines that are no JSON',
      ['--local', '--text-field', 'a', 'q', 'cities.txt'],
      /cities\.txt:1: the line is not JSON/,
    ],
    [
      'a missing field',
      ['--local', '--text-field', 'a', 'q', 'cities.jsonl'],
      /cities\.jsonl:1 has no text in .* "a"/,
    ],
    ['an inherited field', ['--local', '--text-field', 'constructor', 'q', 'cities.jsonl'], /has no text/],
  ] as const)('for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await command.run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^nebius-rerank: [^\n]+\n$/)
    expect(stderr).toMatch(message)
  })

  test('for a base URL that is none, and quotes no key', async () => {
    const run = await command.run(['--base-url', 'nowhere', QUERY, 'cities.txt'], {
      env: { NEBIUS_API_KEY: KEY },
    })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/^nebius-rerank: --base-url must be [^\n]+\n$/)
    expect(run.stderr).not.toContain(KEY)
  })
})

describe('the service', () => {
  test('is asked with the key, the model and the tier', async () => {
    const server = await serveFaults([])
    const args = ['--base-url', server.url, '--model', 'm', '--service-tier', 'flex', QUERY, 'cities.txt']
    const { code, stdout } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}1 {2}1\.000 {2}█{20} {2}Amsterdam\n/)
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      model: 'm',
      service_tier: 'flex',
      query: QUERY,
    })
  })

  test('may be named by the environment', async () => {
    const server = await serveLocalReranker({ apiKey: KEY })
    const env = { NEBIUS_API_KEY: KEY, NEBIUS_BASE_URL: server.url }
    const { code } = await command.run([QUERY, 'cities.txt'], { env })
    await server.close()
    expect(code).toBe(0)
  })

  test.each([
    [
      'refuses',
      async () => (await serveFaults([reply(401, '{"detail":"bad \u001B[31mkey"}')])).url,
      /401.*bad \[31mkey/,
      '20',
    ],
    ['is too slow', async () => (await serveFaults([stall, stall])).url, /within \d+ ms/, '0.5'],
  ] as const)('that %s exits with 1 and one line', async (_, url, message, timeout) => {
    const { code, stdout, stderr } = await command.run(
      ['--base-url', await url(), '--timeout', timeout, QUERY, 'cities.txt'],
      { env: { NEBIUS_API_KEY: KEY } },
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^nebius-rerank: [^\n\u001B]+\n$/)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain(KEY)
  })

  test('that fails shows its stack with --debug alone', async () => {
    const { url } = await serveFaults([reply(404), reply(404)])
    const args = ['--base-url', url, QUERY, 'cities.txt']
    const env = { NEBIUS_API_KEY: KEY }
    expect((await command.run(args, { env })).stderr).not.toContain('    at ')
    const { stderr } = await command.run(['--debug', ...args], { env })
    expect(stderr).toMatch(/^NotFoundError: .*\n {4}at /)
    expect(stderr).not.toContain(KEY)
  })

  test('that is busy is asked again', async () => {
    const { url } = await serveFaults([busy])
    const run = await command.run(['--base-url', url, QUERY, 'cities.txt'], { env: { NEBIUS_API_KEY: KEY } })
    expect(run).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('it tells of itself', () => {
  test('its version and the version of the spec', async () => {
    const run = await command.run(['--version'])
    expect(run).toEqual({ code: 0, stdout: `nebius-rerank ${version} (spec ${spec.version})\n`, stderr: '' })
  })

  test.each([[['--help']], [['-h']], [['serve', '--help']], [['bulk', '-h']]])(
    'with examples by %j',
    async (args) => {
      const { code, stdout } = await command.run(args)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^Usage: nebius-rerank/)
      expect(stdout).toMatch(/\nExamples\n/)
      expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([])
    },
  )

  test('but takes words after -- for what they are', async () => {
    const { code, stdout } = await command.run(['--local', '--', '--help', 'cities.txt'])
    expect(code).toBe(0)
    expect(stdout).toContain('Amsterdam')
  })
})

interface JsonRow {
  rank: number
  index: number
  score: number
}

function rowsOf(stdout: string): JsonRow[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonRow)
}

function withoutColours(text: string): string {
  return text.replace(/\u001B\[\d+m/g, '')
}
