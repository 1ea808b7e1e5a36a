import { extractContract, type Contract } from './index.ts'
import { messageOf, PipelineError } from '../lib/failure.ts'
import { readTextIfThere } from '../lib/files.ts'

/** The pinned contract, from the repository's root. */
export const PINNED = 'openapi.json'

/**
 * The pinned contract of the repository at `root`; undefined if there is none.
 *
 * @throws PipelineError if it is rejected.
 */
export async function readPinnedIfThere(root: string): Promise<Contract | undefined> {
  const text = await readTextIfThere(root, PINNED)
  if (text === undefined) return undefined
  try {
    return extractContract(JSON.parse(text))
  } catch (error) {
    throw new PipelineError(`the pinned ${PINNED} is not usable; restore it: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/**
 * The pinned contract of the repository at `root`.
 *
 * @throws PipelineError if there is none, or it is rejected.
 */
export async function readPinned(root: string): Promise<Contract> {
  const contract = await readPinnedIfThere(root)
  if (contract === undefined) throw new PipelineError(`there is no ${PINNED}`)
  return contract
}
