#!/usr/bin/env node
import { runCommand } from './run.ts'

const { argv, env, stdin, stdout, stderr } = process
// Who writes hears of it as well; without a listener it would end the process.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
process.exitCode = await runCommand({ args: argv.slice(2), env, stdin, stdout, stderr })
