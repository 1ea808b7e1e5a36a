import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { UsageError } from './terminal.ts'

/** Flags that every subcommand has. */
export const SHARED_FLAGS = {
  help: { type: 'boolean', short: 'h', default: false },
  debug: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

/** Flags that say which service ranks. */
export const SERVICE_FLAGS = {
  model: { type: 'string' },
  'service-tier': { type: 'string' },
  local: { type: 'boolean', default: false },
  'base-url': { type: 'string' },
  timeout: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

/** Reads flags and positional words. @throws UsageError */
export function readFlags<const Flags extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Flags,
): ReturnType<typeof parseArgs<{ args: string[]; options: Flags; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** The number that a flag holds. @throws UsageError unless it is one from `least` to `most` */
export function numberFlag(
  name: string,
  text: string | undefined,
  { least = -Infinity, most = Infinity, whole = false }: { least?: number; most?: number; whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))) {
    return value
  }
  const bounds = [
    ...(least === -Infinity ? [] : [`from ${least}`]),
    ...(most === Infinity ? [] : [`to ${most}`]),
  ].join(' ')
  const kind = whole ? 'a whole number' : 'a number'
  throw new UsageError(`--${name} needs ${[kind, bounds].join(' ').trim()}, not ${JSON.stringify(text)}`)
}

/** The word that a flag holds. @throws UsageError unless it is one of those allowed */
export function choiceFlag<const Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined
  const choice = choices.find((each) => each === text)
  if (choice === undefined) {
    throw new UsageError(`--${name} is one of ${choices.join(', ')}, not ${JSON.stringify(text)}`)
  }
  return choice
}
