import contract from '../../../openapi.json' with { type: 'json' }
import { dereferenced } from '../../helpers/schema-values.ts'
import type { Schema } from '../../helpers/schema-values.ts'

const { post } = contract.paths['/v1/rerank']

/** What the contract says of a request's body. */
export const bodySchema = dereferenced(post.requestBody.content['application/json'].schema, contract)

/** Fields of the body, or parameters, by the names that they have on the wire. */
type Wanted = Readonly<Record<string, Schema>>

/** The same, but that nothing is allowed beside the fields that it names, and those that are wanted are required. */
export function strictBody(wanted: Wanted): Schema {
  const parameters: readonly string[] = post.parameters.map(({ name }) => name)
  const fields = Object.entries(wanted).filter(([name]) => !parameters.includes(name))
  return {
    ...bodySchema,
    additionalProperties: false,
    required: [...new Set([...(bodySchema.required ?? []), ...fields.map(([name]) => name)])],
    properties: { ...bodySchema.properties, ...Object.fromEntries(fields) },
  }
}

/** The contract with such a body, and the parameters required that are wanted. Prism lets others pass in any case. */
export function strictContract(wanted: Wanted = {}): object {
  const copy = structuredClone(contract)
  Object.assign(copy.paths['/v1/rerank'].post, {
    parameters: post.parameters.map((parameter) => {
      const schema = wanted[parameter.name]
      return schema ? { ...parameter, required: true, schema } : parameter
    }),
    requestBody: { required: true, content: { 'application/json': { schema: strictBody(wanted) } } },
  })
  return copy
}
