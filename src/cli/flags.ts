import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { nearest } from './nearest.ts'
import { UsageError } from './terminal.ts'

/** Flags that every subcommand has. */
export const SHARED_FLAGS = {
  help: { type: 'boolean', short: 'h', default: false },
  debug: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

/** Flags that select the service. */
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
  const config = { args: [...args], options, allowPositionals: true } as const
  const { tokens, ...read } = parseArgs({ ...config, strict: false, tokens: true })
  for (const token of tokens) if (token.kind === 'option') checkOption(token, options)
  // Not read in strict mode, whose error messages do not fit this command.
  return read
}

/** An option as it was written. */
interface OptionToken {
  name: string
  rawName: string
  value: string | undefined
  inlineValue: boolean | undefined
}

function checkOption(
  { name, rawName, value, inlineValue }: OptionToken,
  options: NonNullable<ParseArgsConfig['options']>,
): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (!option) {
    const [near] = name.length > 1 ? nearest(name, Object.keys(options), 1 / 3) : []
    const advice =
      near === undefined ? 'put a word that begins with a dash after --.' : `did you mean --${near}?`
    throw new UsageError(`Unknown option ${rawName}: ${advice} See --help`)
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, got ${JSON.stringify(value)}`)
  } else if (value === undefined || (inlineValue === false && /^-\D/.test(value))) {
    const got =
      value === undefined
        ? ''
        : `, and ${value} looks like an option. If you mean it as the value, write ${rawName}=${value}`
    throw new UsageError(`${rawName} needs a value${got}`)
  }
}

interface NumberBounds {
  least?: number
  most?: number
  whole?: boolean
  unit?: string
}

/** The number of a flag. @throws UsageError unless it is a number from `least` to `most` */
export function numberFlag(
  name: string,
  text: string | undefined,
  { least = -Infinity, most = Infinity, whole = false, unit = '' }: NumberBounds,
): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))) {
    return value
  }
  const bounds =
    least === -Infinity ? '' : most === Infinity ? `, ${least} or more` : ` from ${least} to ${most}`
  const kind = `${whole ? 'a whole number' : 'a number'}${unit && ` of ${unit}`}`
  throw new UsageError(`--${name} must be ${kind}${bounds}, got ${JSON.stringify(text)}`)
}

/** The word of a flag. @throws UsageError unless it is one of `choices` */
export function choiceFlag<const Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined
  const choice = choices.find((each) => each === text)
  if (choice === undefined) {
    throw new UsageError(`--${name} must be one of ${choices.join(', ')}, got ${JSON.stringify(text)}`)
  }
  return choice
}
