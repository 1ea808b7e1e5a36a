import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Says if there is a `redis-server` to start; `.ci/run` installs it. */
export const isRedisInstalled = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of a test's own: on loopback, on a free port, in memory alone. */
export interface RedisServer {
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string
  readonly port: number
  /** Stops it, so that it hangs and keeps its connections; and lets it go on. */
  suspend(): void
  resume(): void
  /** Ends it at once, as a crash would, and resolves when it is gone. */
  stop(): Promise<void>
}

/** Says if there is a `valkey-server`, which only newer Debians have. */
export const isValkeyInstalled = spawnSync('valkey-server', ['--version']).status === 0

/** Where a Redis listens, and what else its command line says. */
export interface RedisServerOptions {
  /** @default 'redis-server' */
  program?: 'redis-server' | 'valkey-server'
  /** @default a free one */
  port?: number
  /** Later ones replace earlier ones. */
  options?: readonly string[]
}

/** Starts `redis-server`, and resolves when it takes commands. It ends with `stop`, or with this process. */
export async function startRedisServer({
  program = 'redis-server',
  port,
  options = [],
}: RedisServerOptions = {}): Promise<RedisServer> {
  for (let tries = 1; ; tries++) {
    const started = await start(program, port ?? (await freePort()), options)
    if (started) return started
    // Another process may have taken the port in between.
    if (tries === 3) throw new Error(`${program} does not start: is it installed?`)
  }
}

async function start(
  program: string,
  port: number,
  more: readonly string[],
): Promise<RedisServer | undefined> {
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn(program, [...options, ...more], { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => {
    server.once('exit', resolve)
    server.once('error', () => resolve())
  })
  const kill = (): boolean => server.kill('SIGKILL')
  process.once('exit', kill)
  void gone.then(() => process.removeListener('exit', kill))
  const state = { isGone: false }
  void gone.then(() => (state.isGone = true))
  while (!state.isGone) {
    if (await answersPing(port)) {
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        suspend: () => void server.kill('SIGSTOP'),
        resume: () => void server.kill('SIGCONT'),
        stop: async () => {
          kill()
          await gone
        },
      }
    }
    await sleep(10)
  }
  return undefined
}

async function answersPing(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    // One that wants a password is up as well.
    return /^(?:\+PONG|-NOAUTH)/.test(answer.toString())
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
