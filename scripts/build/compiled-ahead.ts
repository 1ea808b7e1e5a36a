import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchema, Options, ValidateFunction } from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'

const require = createRequire(import.meta.url)
const AJV = 'ajv/dist/2020.js'

/**
 * Puts the code that Ajv compiles schemas to into a bundle, in the place of Ajv. It has a tenth of the size, and runs
 * where code can't be evaluated as well: in workers, and in pages with a content security policy.
 *
 * @param run does whatever compiles a schema, with the `ajv` of this process.
 */
export function compiledAhead(run: () => void): {
  name: string
  resolveId: (id: string) => string | undefined
  load: (id: string) => string | undefined
} {
  const checks = [...recordChecks(run)]
  const modules = new Map([
    [AJV, standIn(checks.map(([key]) => key))],
    ...checks.map(([, code], index) => [checkId(index), code] as const),
  ])
  return {
    name: 'compiled-ahead',
    resolveId: (id) => (modules.has(id) ? `\0${id}` : undefined),
    load: (id) => modules.get(id.slice(1)),
  }
}

/** The code of what is compiled during a run, by options and schema. */
function recordChecks(run: () => void): Map<string, string> {
  const checks = new Map<string, string>()
  class Recorder {
    readonly options: Options
    readonly #ajv: Ajv2020

    constructor(options: Options) {
      this.options = options
      this.#ajv = new Ajv2020({ ...options, code: { source: true, esm: true } })
    }

    addSchema(schema: AnySchema, key: string): this {
      this.#ajv.addSchema(schema, key)
      return this
    }

    compile(schema: AnySchema): ValidateFunction {
      const check = this.#ajv.compile(schema)
      checks.set(JSON.stringify([this.options, schema]), standaloneCode(this.#ajv, check))
      return check
    }
  }

  const exported = require(AJV) as { Ajv2020: unknown }
  exported.Ajv2020 = Recorder
  run()
  exported.Ajv2020 = Ajv2020
  return checks
}

const checkId = (index: number): string => `compiled-ahead/${index}`

/** As much of Ajv's class as compiles: it finds what was compiled. */
function standIn(keys: readonly string[]): string {
  return `
    ${keys.map((_, index) => `import check${index} from '${checkId(index)}'`).join('\n')}
    const checks = new Map([${keys.map((key, index) => `[${JSON.stringify(key)}, check${index}]`).join()}])
    export class Ajv2020 {
      constructor(options) { this.options = options }
      addSchema() { return this }
      compile(schema) {
        const check = checks.get(JSON.stringify([this.options, schema]))
        if (!check) throw new Error('This schema was not compiled ahead')
        return check
      }
    }`
}
