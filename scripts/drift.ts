import { launch } from './spec/cli/launch.ts'

process.exitCode = await launch('drift', async () => {
  const { driftCommand } = await import('./spec/cli/drift.ts')
  const color = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  return (invocation) => driftCommand({ ...invocation, terminal: { color } })
})
