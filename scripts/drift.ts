import { launch } from './pipeline/commands/launch.ts'

process.exitCode = await launch('drift', async () => {
  const { driftCommand } = await import('./pipeline/commands/drift-command.ts')
  const color = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  return (invocation) => driftCommand({ ...invocation, terminal: { color } })
})
