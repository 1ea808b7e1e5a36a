import { isObject } from '../lib/json.ts'
import {
  isTrue,
  itemsOf,
  member,
  memberAt,
  membersOf,
  resolved,
  textOf,
  type Located,
} from '../lib/located.ts'
import type { Contract } from './index.ts'
import { PATH } from './endpoint.ts'

/** The operation of a contract, read once for all that compare it. */
export interface Operation {
  readonly contract: Contract
  readonly info: Located
  readonly item: Located
  readonly post: Located
  /** By place and name: `query.ai_project_id`. */
  readonly parameters: ReadonlyMap<string, Field>
  readonly body: Body & { readonly isRequired: boolean }
  /** By status, by range, or `default`. */
  readonly responses: ReadonlyMap<string, Response>
  /** The ways to sign in, each with all that it asks for. */
  readonly ways: readonly Way[]
  readonly security: Located
  /** The innermost list of servers; undefined if there is none. */
  readonly servers: Located | undefined
}

/** A parameter or a header. */
export interface Field {
  readonly place: Located
  readonly isRequired: boolean
  readonly schema: Located
}

/** A body that may be JSON. */
export interface Body {
  readonly place: Located
  /** The media type; undefined if there is no JSON. */
  readonly json: Located | undefined
  /** The schema of the JSON. */
  readonly schema: Located
}

/** The response that comes with a status. */
export interface Response extends Body {
  readonly headers: ReadonlyMap<string, Field>
}

/** Schemes that together let a call through, with the scopes that are asked for. */
export type Way = readonly { readonly scheme: Located; readonly scopes: readonly string[] }[]

/** Reads the operation of a contract. */
export function operationOf(contract: Contract): Operation {
  const root: Located = { value: contract, pointer: '#' }
  const item = memberAt(root, 'paths', PATH)
  const post = member(item, 'post')
  const body = resolved(contract, member(post, 'requestBody'))
  const own = member(post, 'security')
  return {
    contract,
    info: member(root, 'info'),
    item,
    post,
    parameters: parametersOf(contract, post),
    body: { ...bodyOf(body), isRequired: isTrue(member(body, 'required')) },
    responses: new Map(
      [...membersOf(member(post, 'responses'))].map(([status, response]) => [
        status,
        responseOf(contract, response),
      ]),
    ),
    ways: waysOf(contract, own.value === undefined ? member(root, 'security') : own),
    security: own.value === undefined ? member(root, 'security') : own,
    servers: [post, item, root]
      .map((owner) => member(owner, 'servers'))
      .find(({ value }) => value !== undefined),
  }
}

function parametersOf(contract: Contract, post: Located): Map<string, Field> {
  const found = new Map<string, Field>()
  for (const place of itemsOf(member(post, 'parameters'))) {
    const parameter = fieldOf(contract, place)
    const [where, name] = ['in', 'name'].map((key) => textOf(member(parameter.place, key)))
    found.set(`${where}.${name}`, parameter)
  }
  return found
}

function responseOf(contract: Contract, place: Located): Response {
  const response = resolved(contract, place)
  const headers = [...membersOf(member(response, 'headers'))].map(
    ([name, header]) => [name.toLowerCase(), fieldOf(contract, header)] as const,
  )
  return { ...bodyOf(response), headers: new Map(headers) }
}

function fieldOf(contract: Contract, place: Located): Field {
  const found = resolved(contract, place)
  const [own, inside] = [member(found, 'schema'), jsonIn(found)]
  return {
    place: found,
    isRequired: isTrue(member(found, 'required')),
    schema: own.value === undefined && inside ? schemaIn(inside, found) : orAnything(own, found),
  }
}

function bodyOf(place: Located): Body {
  const json = jsonIn(place)
  return { place, json, schema: schemaIn(json, place) }
}

/** The JSON media type of what has a `content`. */
export function jsonIn(place: Located): Located | undefined {
  const json = memberAt(place, 'content', 'application/json')
  return json.value === undefined ? undefined : json
}

function schemaIn(json: Located | undefined, place: Located): Located {
  return json ? orAnything(member(json, 'schema'), json) : { value: true, pointer: place.pointer }
}

/** A schema that is not given lets everything through. */
function orAnything(schema: Located, owner: Located): Located {
  return schema.value === undefined ? { value: true, pointer: owner.pointer } : schema
}

function waysOf(contract: Contract, security: Located): Way[] {
  const schemes = memberAt({ value: contract, pointer: '#' }, 'components', 'securitySchemes')
  const ways = itemsOf(security)
  if (ways.length === 0) return [[]]
  return ways.map((way) =>
    isObject(way.value)
      ? [...membersOf(way)].map(([name, scopes]) => ({
          scheme: resolved(contract, member(schemes, name)),
          scopes: itemsOf(scopes).map(textOf),
        }))
      : [],
  )
}
