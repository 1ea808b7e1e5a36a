import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Who a process is, among all processes of all machines and containers. */
export interface ProcessIdentity {
  pid: number
  host: string
  /** The start of the machine. This and the other properties are empty if the system does not provide them. */
  boot: string
  /** The namespace of the process id. */
  namespace: string
  /** When the process began, in the system's ticks since the start of the machine. */
  started: string
}

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const [boot, namespace, stat] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
    statOf('self'),
  ])
  // In a container that sees another's /proc, numbers there are of other processes.
  const isOwn = (await readlink('/proc/self').catch(() => '')) === String(process.pid)
  const started = isOwn ? (stat?.started ?? '') : ''
  return { pid: process.pid, host: hostname(), boot: boot.trim(), namespace, started }
}

/** True if a process still runs; `undefined` for one of another machine or container, where this cannot be found out. */
export async function isAlive(other: ProcessIdentity): Promise<boolean | undefined> {
  const own = await thisProcess()
  const isNear = (['host', 'boot', 'namespace'] as const).every(
    (name) => own[name] !== '' && own[name] === other[name],
  )
  if (!isNear || own.started === '') return undefined
  const stat = await statOf(other.pid)
  return stat?.started === other.started && !'ZX'.includes(stat.state)
}

async function statOf(pid: number | 'self'): Promise<{ state: string; started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name of the program, in brackets, may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields && { state: fields[0] ?? '', started: fields[19] ?? '' }
}
