import { typeBreaks } from '../diff/index.ts'
import { BUMPS, type DriftClass } from '../drift.ts'
import { toolMoves } from '../codegen/index.ts'
import { messageOf } from '../lib/failure.ts'

/**
 * The meaning of other tools for callers, one line for each tool that moved since the code was generated. The
 * compiler compares the types that are committed with those that are generated now.
 */
export function movedTools(committed: string, generated: string): string[] {
  const moves = toolMoves(committed)
  if (moves.length === 0) return []
  const meaning = meaningOf(committed, generated)
  return moves.map((move) => `${move}: ${meaning}`)
}

function meaningOf(committed: string, generated: string): string {
  try {
    const drift = classOf(committed, generated)
    return drift === 'none' ? 'the types are the same, no bump' : `the types differ, bump ${BUMPS[drift]}`
  } catch (error) {
    return `the types cannot be compared: ${messageOf(error)}`
  }
}

function classOf(before: string, after: string): DriftClass {
  if (withoutHeader(before) === withoutHeader(after)) return 'none'
  if (typeBreaks(before, after).length > 0) return 'breaking'
  // What would break callers who went back is what they gained.
  return typeBreaks(after, before).length > 0 ? 'compatible' : 'docs'
}

function withoutHeader(code: string): string {
  return code.slice(code.indexOf('\n'))
}
