import { expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run.ts'
import { broken, shellOf } from '../helpers/shell.ts'

test.each([
  ['that has left is no failure', 'EPIPE', 0],
  ['that is full is one', 'ENOSPC', 2],
])('a reader %s', async (_, code, expected) => {
  expect(await runCommand(shellOf({ args: ['--help'], stdout: broken(code) }))).toBe(expected)
})

test.each(['constructor', '__proto__'])('%s is no subcommand', async (name) => {
  expect(await runCommand(shellOf({ args: [name], stderr: broken('EPIPE') }))).toBe(2)
})
