import { fileURLToPath } from 'node:url'
import type { Invocation } from './invocation.ts'

/**
 * Runs a command of the pipeline in this process, and resolves with its exit code. What fails before it runs is a
 * failure as well: a package that is missing, say.
 *
 * @param load - Imports the command; called only here, so that a failed import is reported.
 */
export async function launch(
  name: string,
  load: () => Promise<(invocation: Invocation) => Promise<number>>,
): Promise<number> {
  tellIfUnheard(name)
  try {
    const command = await load()
    return await command({
      args: process.argv.slice(2),
      env: process.env,
      root: fileURLToPath(new URL('../../..', import.meta.url)),
      print: console.log,
      complain: console.error,
      progress: (line) => {
        if (process.stderr.isTTY) console.error(line)
      },
    })
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}

/** If standard output cannot be written, the process exits with 2, because nobody received the verdict. */
function tellIfUnheard(name: string): void {
  let isTold = false
  process.stdout.on('error', ({ message }: Error) => {
    if (isTold) return
    isTold = true
    console.error(`${name}: cannot write to standard output: ${message}`)
    process.on('exit', () => (process.exitCode = 2))
  })
  process.stderr.on('error', () => undefined)
}
