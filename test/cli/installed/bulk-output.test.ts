import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sizeOf, untilTrue } from '../../helpers/bulk-files.ts'
import { installCommand, outcomeOf } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { reply, serveFaults, well } from '../../helpers/fault-server.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

async function folderWith(jobs: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-output-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lines = Array.from({ length: jobs }, (_, id) => `{"id":${id},"query":"q","documents":["q d"]}\n`)
  await writeFile(join(dir, 'IN'), lines.join(''))
  return dir
}

describe('an output that is full', () => {
  test.each([
    ['a file', 'nebius bulk --local IN -o /dev/full', '/dev/full'],
    ['standard output', 'nebius bulk --local IN -o - > /dev/full', 'standard output'],
  ])('exits with 2 and says so: %s', async (_, line, name) => {
    const { code, stderr } = await command.runInShell(line, await folderWith(2))
    expect(code).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`^nebius-rerank: Can't write ${name}: no space left on device\\. Jobs remain\\n$`),
    )
  })

  test('of a single ranking exits with 2', async () => {
    const { code, stderr } = await command.runInShell(
      'echo a | nebius --local a > /dev/full',
      await folderWith(0),
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^nebius-rerank: Can't write standard output: no space left on device[^\n]*\n$/)
  })
})

describe('a reader that has left', () => {
  test('ends a run with 2, since jobs are left undone', async () => {
    const line = 'nebius bulk --local IN -o - | head -1; exit ${PIPESTATUS[0]}'
    const { code, stdout, stderr } = await command.runInShell(line, await folderWith(500))
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stderr).toBe("nebius-rerank: Can't write standard output: broken pipe. Jobs remain\n")
    expect(code).toBe(2)
  })

  test('is no failure of a single ranking', async () => {
    const line = 'seq 10000 | nebius --local --json 5 | head -1; exit ${PIPESTATUS[1]}'
    const { code, stdout, stderr } = await command.runInShell(line, await folderWith(0))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('"rank":1,')
  })
})

describe('an input that stays open', () => {
  const line = '{"id":1,"query":"q","documents":["q d"]}\n'

  test.each([
    ['a key that is refused', reply(401, '{"detail":"no"}'), 'OUT'],
    ['an output that is full', well, '/dev/full'],
  ])('does not keep a run from its end: %s', async (_, fault, output) => {
    const service = await serveFaults(() => fault)
    const out = resolve(await folderWith(0), output)
    const args = ['bulk', '--base-url', service.url, '-', '-o', out]
    const child = command.start(args, { NEBIUS_API_KEY: KEY })
    onTestFinished(() => void child.kill())
    child.stdin.write(line)
    expect(await once(child, 'close')).toEqual([2, null])
  })

  test('nor does a named pipe', async () => {
    const service = await serveFaults(() => reply(401, '{"detail":"no"}'))
    const dir = await folderWith(0)
    const path = join(dir, 'PIPE')
    execFileSync('mkfifo', [path])
    const pipe = await open(path, 'r+')
    const args = ['bulk', '--base-url', service.url, path, '-o', join(dir, 'OUT')]
    const child = command.start(args, { NEBIUS_API_KEY: KEY })
    onTestFinished(async () => {
      child.kill()
      await pipe.close()
    })
    await pipe.write(line)
    expect(await once(child, 'close')).toEqual([2, null])
  })
})

test.each([
  ['a run', 'nebius bulk --local IN -o OUT 2> /dev/full', 0],
  ['a run whose listener has left', 'nebius bulk --local IN -o OUT 2> >(exit)', 0],
  ['a failure', 'nebius bulk nowhere -o OUT 2> /dev/full', 2],
])('that nothing can be said changes nothing: %s', async (_, line, expected) => {
  const dir = await folderWith(2)
  expect((await command.runInShell(line, dir)).code).toBe(expected)
  if (expected === 0) expect((await readFile(join(dir, 'OUT'), 'utf8')).split('\n')).toHaveLength(3)
})

test('--resume refuses a named pipe at once', async () => {
  const dir = await folderWith(2)
  execFileSync('mkfifo', [join(dir, 'PIPE')])
  const { code, stderr } = await command.runInShell('nebius bulk --local IN -o PIPE --resume', dir)
  expect(code).toBe(2)
  expect(stderr).toBe('nebius-rerank: --resume needs an output file, and PIPE is not a file\n')
})

describe('a second run on the same output', () => {
  const env = { NEBIUS_API_KEY: KEY }

  /** A run that is under way, and its arguments. */
  async function underWay(jobs = 400) {
    const service = await serveFaults(
      () => (response, request) => setTimeout(() => void well(response, request), 50),
    )
    const dir = await folderWith(jobs)
    const output = join(dir, 'OUT')
    const args = ['bulk', '--base-url', service.url, '--concurrency', '1', join(dir, 'IN'), '-o', output]
    const first = command.start(args, env)
    const ended = outcomeOf(first)
    await untilTrue(async () => (await sizeOf(output)) > 0, output, first)
    return { first, ended, dir, output, args: [...args, '--resume'] }
  }

  test('is refused, and told who is at it', async () => {
    const { first, ended, output, args } = await underWay()
    const { code, stderr } = await command.run(args, { env })
    expect(code).toBe(2)
    expect(stderr).toContain(
      `${output} is being written by process ${first.pid} on ${hostname()}: wait until it has ended`,
    )
    first.kill()
    await ended
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('may begin when the first was ended by %s, which says how to go on', async (signal, code) => {
    const { first, ended, dir, output } = await underWay()
    first.kill(signal)
    const run = await ended
    expect(run.code).toBe(code)
    expect(run.stderr).toMatch(
      /^\d+ jobs?, \d+ tokens, [\d.]+ jobs\/s\nTo continue: nebius-rerank bulk .* --resume\n$/,
    )
    expect(run.stderr).toContain(`-o ${output} --resume`)
    expect((await readdir(dir)).sort()).toEqual(['IN', 'OUT'])
    const lines = (await readFile(output, 'utf8')).trimEnd().split('\n')
    expect(run.stderr).toContain(`${lines.length} job`)
  })

  test('keeps the lock that it has put in the place of that of the first', async () => {
    const { first, ended, output } = await underWay()
    const theirs = JSON.stringify({ lock: 'nebius-rerank', token: 'theirs', pid: 1, host: 'elsewhere' })
    await writeFile(`${output}.nebius-rerank.lock`, theirs)
    first.kill()
    await ended
    expect(await readFile(`${output}.nebius-rerank.lock`, 'utf8')).toBe(theirs)
  })

  test('takes the lock of one that was killed', async () => {
    const { first, ended, dir } = await underWay()
    first.kill('SIGKILL')
    await ended
    expect((await readdir(dir)).sort()).toEqual(['IN', 'OUT', 'OUT.nebius-rerank.lock'])
    const { code } = await command.runInShell('nebius bulk --local IN -o OUT --resume', dir)
    expect(code).toBe(0)
    expect((await readdir(dir)).sort()).toEqual(['IN', 'OUT'])
  })

  test('of several that start at once after a crash writes alone', async () => {
    const dir = await folderWith(300)
    const first = command.start(['bulk', '--local', join(dir, 'IN'), '-o', join(dir, 'OUT')])
    const ended = outcomeOf(first)
    await untilTrue(async () => (await sizeOf(join(dir, 'OUT'))) > 0, join(dir, 'OUT'), first)
    first.kill('SIGKILL')
    await ended
    const runs = Array.from({ length: 4 }, () =>
      command.runInShell('nebius bulk --local IN -o OUT --resume', dir),
    )
    const codes = (await Promise.all(runs)).map(({ code }) => code)
    expect(codes.every((code) => code === 0 || code === 2)).toBe(true)
    expect(codes).toContain(0)
    const ids = (await readFile(join(dir, 'OUT'), 'utf8')).trimEnd().split('\n')
    expect(new Set(ids).size).toBe(300)
    expect(ids).toHaveLength(300)
  })
})
