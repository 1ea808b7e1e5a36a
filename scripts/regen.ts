import { fileURLToPath } from 'node:url'

process.exitCode = await regen()

/** Whatever fails before the command runs is a failure as well: a package that is missing, say. */
async function regen(): Promise<number> {
  try {
    const { regenCommand } = await import('./pipeline/commands/regen-command.ts')
    return await regenCommand({
      args: process.argv.slice(2),
      env: process.env,
      root: fileURLToPath(new URL('..', import.meta.url)),
      print: console.log,
      complain: console.error,
      progress: (line) => {
        if (process.stderr.isTTY) console.error(line)
      },
    })
  } catch (error) {
    console.error(`regen: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}
