#!/usr/bin/env node
import { runCommand } from './command.ts'

// A reader such as `head` may leave before everything is written; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

const { argv, env, stdin, stdout, stderr } = process
process.exitCode = await runCommand({ args: argv.slice(2), env, stdin, stdout, stderr })
