import { launch } from './pipeline/commands/launch.ts'

process.exitCode = await launch('regen', async () => {
  const { regenCommand } = await import('./pipeline/commands/regen-command.ts')
  return regenCommand
})
