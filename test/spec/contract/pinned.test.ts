import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { PINNED, readPinned, readPinnedIfThere } from '../../../scripts/spec/contract/pinned.ts'
import { edited, PINNED_TEXT } from '../../scripts/document.ts'

/** A folder that holds a pinned contract, or none. */
function folder(text?: string): string {
  const root = mkdtempSync(join(tmpdir(), 'pinned-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  if (text !== undefined) writeFileSync(join(root, PINNED), text)
  return root
}

describe('the pinned contract', () => {
  it('is read', async () => {
    expect(await readPinned(folder(PINNED_TEXT))).toEqual(extractContract(edited()))
  })

  it('may be missing, or must not', async () => {
    expect(await readPinnedIfThere(folder())).toBeUndefined()
    await expect(readPinned(folder())).rejects.toThrow(/^there is no openapi\.json$/)
  })

  it.each([
    ['no JSON', '<<<<<<< HEAD'],
    ['no contract', '{}'],
  ])('is refused as a whole where it is %s', async (_, text) => {
    const reason = /^the pinned openapi\.json is not usable; restore it: ./
    await expect(readPinned(folder(text))).rejects.toThrow(reason)
    await expect(readPinned(folder(text))).rejects.toMatchObject({ cause: expect.any(Error) as unknown })
  })
})
