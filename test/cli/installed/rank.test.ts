import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spec } from '../../../src/index.ts'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { closedPort } from '../../helpers/fault-server.ts'
import { KEY } from '../../helpers/rerank.ts'

const CITIES = 'Belgrade is the capital of Serbia.\nThe capital of France is Paris.\n'
const CALL = ['--local', 'capital of France', 'cities.txt']

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
  await command.write('cities.txt', CITIES)
})
afterAll(() => command.remove())

describe('the command as it is installed', () => {
  test('prints what it ranks to standard output, and nothing beside', async () => {
    const { code, stdout, stderr } = await command.run(CALL)
    expect(stdout).toMatch(/^ {2}1 .* {2}The capital of France is Paris\.\n {2}2 .* Serbia\.\n$/)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('reads standard input', async () => {
    const run = await command.run(CALL.slice(0, 2), { input: CITIES })
    expect(run).toEqual(await command.run(CALL))
  })

  test('ranks by words what is larger than a request to the service may be', async () => {
    const { code, stdout } = await command.run(['--local', '--top', '1', 'b'], {
      input: `${' '.repeat(33 * 1024 * 1024)}a\nb\n`,
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/ {2}b\n$/)
  })

  test('tells its version and the version of the spec', async () => {
    const path = join(command.dir, 'node_modules/nebius-rerank/package.json')
    const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string }
    const run = await command.run(['--version'])
    expect(run).toEqual({ code: 0, stdout: `nebius-rerank ${version} (spec ${spec.version})\n`, stderr: '' })
  })

  test('exits with 2 for a wrong call, and says why beside the results', async () => {
    const run = await command.run(['--nope', 'query'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toMatch(/^nebius-rerank: Unknown option --nope: [^\n]*\n$/)
  })

  test('exits with 1 for a service that can not be reached, and quotes no key', async () => {
    const args = ['--base-url', await closedPort(), '--timeout', '20', ...CALL.slice(1)]
    const { code, stdout, stderr } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^nebius-rerank: [^\n\u001B]*ECONNREFUSED[^\n\u001B]*\n$/)
    expect(stderr).not.toContain(KEY)
  })

  test('ends quietly when its reader leaves', async () => {
    const child = command.start(['--local', 'document'])
    child.stdin.end('a document\n'.repeat(50_000))
    child.stdout.once('data', () => child.stdout.destroy())
    const chunks: string[] = []
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
    await new Promise((resolve) => child.once('close', resolve))
    expect(chunks).toEqual([])
  })
})

describe('in a terminal', () => {
  test.each([
    [40, 'The capital of F…'],
    [80, 'The capital of France is Paris.'],
  ])('of %i columns, lines fit', async (columns, shown) => {
    const { code, stdout } = await command.runInTerminal(columns, CALL)
    const lines = stdout
      .replace(/\u001B\[\d+m/g, '')
      .trimEnd()
      .split('\n')
    expect(code).toBe(0)
    expect(lines[1]).toMatch(new RegExp(`^  1  0\\.\\d{3}  █.* {2}${shown.replaceAll('.', '\\.')}$`))
    expect(lines.slice(0, 3).filter((line) => line.length > columns)).toEqual([])
  })

  test('bars are green, and a summary follows', async () => {
    const { stdout } = await command.runInTerminal(80, CALL)
    expect(stdout).toMatch(/\u001B\[32m█+/)
    expect(stdout).toMatch(/\n2 documents, \d+ tokens, \d+ ms, by words alone \(--local\)\n$/)
  })

  test('without documents it says how to give them', async () => {
    const { code, stdout } = await command.runInTerminal(80, CALL.slice(0, 2))
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: 'nebius-rerank: No documents: name a FILE, pipe lines in, or type them after `-`\n',
    })
  })
})
