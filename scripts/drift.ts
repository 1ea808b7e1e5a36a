import { fileURLToPath } from 'node:url'

process.exitCode = await drift()

/** Whatever fails before the command runs could not check either: a package that is missing, say. */
async function drift(): Promise<number> {
  try {
    const { driftCommand } = await import('./pipeline/commands/drift-command.ts')
    return await driftCommand({
      args: process.argv.slice(2),
      env: process.env,
      root: fileURLToPath(new URL('..', import.meta.url)),
      terminal: { color: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' },
      print: console.log,
      complain: console.error,
      progress: (line) => {
        if (process.stderr.isTTY) console.error(line)
      },
    })
  } catch (error) {
    console.error(`drift: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}
