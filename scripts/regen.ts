import { launch } from './spec/cli/launch.ts'

process.exitCode = await launch('regen', async () => {
  const { regenCommand } = await import('./spec/cli/regen.ts')
  return regenCommand
})
