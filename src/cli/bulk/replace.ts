import { open, rename, stat, unlink } from 'node:fs/promises'

/**
 * Puts a new file in the place of another, at one moment: killed before or after, one of them is there, and whole.
 *
 * @param copy - where the new file is written first; nothing may be there
 */
export async function replaceFile(path: string, copy: string, texts: AsyncIterable<string>): Promise<void> {
  const { mode } = await stat(path)
  const file = await open(copy, 'wx', mode)
  try {
    let batch = ''
    for await (const text of texts) {
      batch += text
      if (batch.length > BATCH) {
        await file.appendFile(batch)
        batch = ''
      }
    }
    await file.appendFile(batch)
    // Some file systems have no such rights.
    await file.chmod(mode).catch(() => undefined)
    await file.sync()
    await file.close()
    await rename(copy, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await unlink(copy).catch(() => undefined)
    throw error
  }
}

const BATCH = 256 * 1024
