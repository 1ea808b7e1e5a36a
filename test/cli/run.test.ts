import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run.ts'
import { broken, shellOf } from '../helpers/shell.ts'

test.each([
  ['that has left is no failure', 'EPIPE', 0],
  ['that is full is one', 'ENOSPC', 2],
])('a reader %s', async (_, code, expected) => {
  expect(await runCommand(shellOf({ args: ['--help'], stdout: broken(code) }))).toBe(expected)
})

test.each([
  [['bluk', 'no-such-file'], 'bulk'],
  [['srve', 'no-such-file'], 'serve'],
  [['rank', 'q', 'no-such-file'], 'to leave it out'],
  [['help', 'no-such-file'], '--help'],
])('%j may be meant as a subcommand, and is a query all the same', async (args, meant) => {
  const [note, failure] = (await stderrOf([...args, '--local'])).split('\n')
  expect(note).toBe(
    `"${args[0]}" is not a subcommand, so it is the query. Did you mean ${meant}? If not, write -- before it to hide this note`,
  )
  expect(failure).toMatch(/^nebius-rerank: Can't read (?:q|no-such-file): no such file$/)
})

test.each([[['bank']], [['is']], [['bulk order']], [['--', 'rank']]])(
  '%j is a query without a note',
  async (query) => {
    expect(await stderrOf(['--local', ...query, 'no-such-file'])).toMatch(/^nebius-rerank: Can't read /)
    expect(await stderrOf([...query, '--local'])).toMatch(/^nebius-rerank: /)
  },
)

async function stderrOf(args: string[]): Promise<string> {
  const stderr = new PassThrough()
  expect(await runCommand(shellOf({ args, stderr }))).toBe(2)
  return String(stderr.read())
}

test.each(['constructor', '__proto__'])('%s is no subcommand', async (name) => {
  expect(await runCommand(shellOf({ args: [name], stderr: broken('EPIPE') }))).toBe(2)
})
