// A process that imports a caller, and makes one call where it is told to whom. It prints its largest size in kB.
const [name, setup] = process.argv.slice(2)
if (name) {
  const { create } = await import(`./${name}.js`)
  if (setup) await create(JSON.parse(setup))('capital of France', ['Belgrade', 'Paris'])
}
process.stdout.write(`${process.resourceUsage().maxRSS}\n`, () => process.exit())
