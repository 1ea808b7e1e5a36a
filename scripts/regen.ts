import { fileURLToPath } from 'node:url'
import { regenCommand } from './pipeline/commands/regen-command.ts'

process.exitCode = await regenCommand({
  args: process.argv.slice(2),
  env: process.env,
  root: fileURLToPath(new URL('..', import.meta.url)),
  print: console.log,
  complain: console.error,
  progress: (line) => {
    if (process.stderr.isTTY) console.error(line)
  },
})
