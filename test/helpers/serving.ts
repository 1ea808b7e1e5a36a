import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Command, Running } from './command.ts'

/** `nebius-rerank serve` that listens, until the test is over. */
export interface Serving {
  url: string
  running: Running
  /** All that it has said so far. */
  said: () => string
  /** Resolves when it has said so. */
  untilSaid: (what: string | RegExp) => Promise<void>
}

/** Starts the command, and resolves when it listens. */
export async function serve(
  command: Command,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const running = command.start(['serve', '--port', '0', ...args], env)
  // The first lets it finish what is under way, the second ends it at once.
  onTestFinished(() => {
    if (running.kill()) running.kill()
  })
  let said = ''
  running.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const untilSaid = async (what: string | RegExp): Promise<void> => {
    while (!(typeof what === 'string' ? said.includes(what) : what.test(said))) {
      await Promise.race([once(running.stderr, 'data'), once(running, 'exit')])
      if (running.exitCode !== null) throw new Error(`it ended: ${said}`)
    }
  }
  await untilSaid('To try it: ')
  const url = /To try it: (\S+)\/\n/.exec(said)?.[1] ?? ''
  return { url, running, said: () => said, untilSaid }
}

/** Begins a request, and resolves as soon as the server has; its body is still to come. */
export async function begin(url: string): Promise<ClientRequest> {
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json', expect: '100-continue' }
  const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers })
  letGo(outgoing).flushHeaders()
  await once(outgoing, 'continue')
  return outgoing
}

/** Sends a signal while a request is under way, then that request's body; resolves with its status and the end. */
export async function endedByOne(
  { url, running, untilSaid }: Serving,
  signal: 'SIGINT' | 'SIGTERM',
  body: string,
): Promise<unknown[]> {
  const outgoing = await begin(url)
  running.kill(signal)
  await untilSaid(`${signal}: finishing the requests in flight. Send it again to end at once`)
  const ended = once(running, 'exit')
  const [response] = (await once(outgoing.end(body), 'response')) as [IncomingMessage]
  response.resume()
  return [response.statusCode, ...((await ended) as unknown[])]
}

/** Sends two signals while a request is under way; resolves with the end when that request is broken off. */
export async function endedByTwo({ url, running, untilSaid }: Serving): Promise<unknown[]> {
  const broken = once(await begin(url), 'error')
  running.kill('SIGINT')
  await untilSaid('SIGINT')
  const ended = once(running, 'exit')
  running.kill('SIGINT')
  await broken
  return ended
}

/** A request that may be cut off: its errors say nothing, and it ends with the test, before its server does. */
export function letGo(outgoing: ClientRequest): ClientRequest {
  const ignore = (): void => undefined
  onTestFinished(() => void outgoing.destroy())
  outgoing.on('socket', (socket) => socket.on('error', ignore))
  outgoing.on('response', (response) => response.on('error', ignore))
  return outgoing.on('error', ignore)
}
