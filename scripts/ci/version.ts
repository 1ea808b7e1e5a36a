import { run } from '../check/programs.ts'

/** Raises the version by the changesets that wait, and the lock’s with it. */
export async function version(): Promise<number> {
  const { code } = await run(['changeset', 'version'])
  return code || (await run(['npm', 'install', '--package-lock-only', '--ignore-scripts'])).code
}
