// A process that imports a caller, and makes one call where it is told to whom. It prints its largest size
// in kB, and the milliseconds that the processors worked for it.
const [name, setup] = process.argv.slice(2)
if (name) {
  const { create } = await import(`./${name}.js`)
  if (setup) await create(JSON.parse(setup))('capital of France', ['Belgrade', 'Paris'])
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
process.stdout.write(`${maxRSS} ${(userCPUTime + systemCPUTime) / 1000}\n`, () => process.exit())
