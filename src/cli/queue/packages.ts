import { UsageError } from '../terminal.ts'

/** The flags that name a Redis. */
export type FlagOfRedis = 'queue' | 'shared-limit'

/** The packages that each needs beside this one. */
const PACKAGES = { queue: 'bullmq ioredis', 'shared-limit': 'ioredis' } as const

/** Loads a package that only some users need, and that they install. @throws UsageError if it is not there */
export async function load<Module>(name: 'bullmq' | 'ioredis', flag: FlagOfRedis): Promise<Module> {
  try {
    return (await import(name)) as Module
  } catch (error) {
    const packages = PACKAGES[flag]
    throw new UsageError(`--${flag} needs ${packages.replace(' ', ' and ')}: npm install ${packages}`, {
      cause: error,
    })
  }
}
