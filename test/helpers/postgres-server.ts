import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './redis-server.ts'

/** A PostgreSQL of a test's own: on loopback, on a free port, in a folder that goes with it. */
export interface PostgresServer {
  /** `postgres://postgres@127.0.0.1:PORT/postgres`. */
  readonly url: string
  stop(): Promise<void>
}

/** Debian's programs are not on the path. */
const ROOT = '/usr/lib/postgresql'

/** Starts `postgres`, and resolves when it takes connections. It ends with `stop`, or with this process. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const [newest] = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a))
  const bin = join(ROOT, newest ?? '', 'bin')
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-postgres-'))
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? ownerOf('postgres') : undefined
  if (as) chownSync(dir, as.uid, as.gid)
  chmodSync(dir, 0o700)
  const options = { ...as, cwd: '/' }
  execFileSync(join(bin, 'initdb'), ['-D', dir, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  })
  const port = await freePort()
  const settings = ['-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-F']
  const server = spawn(join(bin, 'postgres'), ['-D', dir, ...settings], { ...options, stdio: 'ignore' })
  const gone = once(server, 'exit')
  const kill = (): boolean => server.kill('SIGQUIT')
  process.once('exit', kill)
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error('postgres does not start')
    await sleep(20)
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      process.removeListener('exit', kill)
      kill()
      await gone
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function ownerOf(user: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function accepts(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
