import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installCommand } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'

/** The packed package's command, in a project that has the packages of queues too. */
export async function installQueueCommand(): Promise<InstalledCommand> {
  const command = await installCommand()
  for (const name of QUEUE_PACKAGES) await linkPackage(command, name)
  return command
}

const QUEUE_PACKAGES = ['bullmq', 'ioredis']

/** Gives a project one of the packages that these tests have. */
export async function linkPackage(command: InstalledCommand, name: string): Promise<void> {
  const source = fileURLToPath(new URL(`node_modules/${name}`, import.meta.url))
  await symlink(source, join(command.dir, 'node_modules', name))
}
