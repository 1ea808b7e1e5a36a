import { isBuilt } from './stamp.ts'

/** Builds, unless `dist/` has been built of the very sources that there are. */
export async function ensureBuilt(): Promise<void> {
  if (!(await isBuilt('.'))) await import('../build.ts')
}
