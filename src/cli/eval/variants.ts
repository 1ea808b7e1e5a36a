import type { Service } from '../client.ts'
import { UsageError } from '../terminal.ts'
import type { EvalFlags } from './flags.ts'

/** A model with an instruction. */
export interface Variant {
  name: string
  model: string
  instruction: string | undefined
}

/** Each model with each instruction. @throws UsageError */
export function variantsOf(flags: EvalFlags, { client }: Service): Variant[] {
  if (flags.local && flags.instruction) {
    throw new UsageError(
      '--instruction has no effect with --local, which ranks by words on this machine: leave it out',
    )
  }
  const models = flags.model ?? [client.model]
  const instructions = flags.instruction ?? [undefined]
  return [...new Set(models)].flatMap((model) =>
    [...new Set(instructions)].map((instruction) => ({
      name: flags.local
        ? 'ranked by words (--local)'
        : `${model}${instruction === undefined || instruction === '' ? '' : `, instructed “${instruction}”`}`,
      model,
      instruction,
    })),
  )
}
