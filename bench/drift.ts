// npm run bench: how long the pipeline takes over whole APIs of several sizes. The documents are made here, the same at
// each run: the pinned contract among other endpoints, each with schemas of its own. Each round is a process, as a
// person or the daily workflow starts it.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { endProgress, progress } from './report.ts'
import { median } from './rounds.ts'

interface Document {
  info: { version: string }
  paths: Record<string, unknown>
  components: { schemas: Record<string, unknown> }
}

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COPIED = ['package.json', 'openapi.json', 'scripts', 'src/generated', '.changeset']
const SIZES = { '20 kB': 20e3, '1 MB': 1e6, '12 MB': 12e6 }
const SCRIPTS = ['drift', 'regen'] as const
const ROUNDS = 3

type Script = (typeof SCRIPTS)[number]

const pinned = await readFile(join(ROOT, 'openapi.json'), 'utf8')
const rows = Object.entries(SIZES).map(([name, bytes]) => ({
  name,
  document: wholeApi(bytes),
  times: noTimes(),
}))

// In turns, so that whatever else the machine does falls on all of them alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const [at, { name, document, times }] of rows.entries()) {
    progress(`drift: ${name}, round ${round + 1} of ${ROUNDS}`, (round + at / rows.length) / ROUNDS)
    for (const script of SCRIPTS) times[script].push(await secondsOf(script, document))
  }
}
endProgress()

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}\n`)
console.log(
  `seconds, median of ${ROUNDS} runs\n\ndocument  ${SCRIPTS.map((name) => name.padStart(6)).join('  ')}`,
)
for (const { name, times } of rows) {
  const medians = SCRIPTS.map((script) => median(times[script]).toFixed(2).padStart(6))
  console.log(`${name.padStart(8)}  ${medians.join('  ')}`)
}

function noTimes(): Record<Script, number[]> {
  return { drift: [], regen: [] }
}

/** One run on a copy of the repository, which a regeneration changes. */
async function secondsOf(script: Script, document: string): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'bench-drift-'))
  try {
    for (const path of COPIED) await cp(join(ROOT, path), join(root, path), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    await writeFile(join(root, 'upstream.json'), document)
    const fail = script === 'drift' ? ['--fail-on', 'breaking'] : []
    const args = ['--import', 'tsx', `scripts/${script}.ts`, '--from', 'upstream.json', ...fail]
    const started = performance.now()
    await run(process.execPath, args, { cwd: root })
    return (performance.now() - started) / 1000
  } finally {
    await rm(root, { recursive: true })
  }
}

/** A document of about so many bytes, with a new version and another field for requests. */
function wholeApi(bytes: number): string {
  const document = JSON.parse(pinned) as Document
  document.info.version = '99990101-bench'
  const request = document.components.schemas['RerankRequest'] as { properties: Record<string, unknown> }
  request.properties['bench_field'] = { type: 'integer' }
  let size = JSON.stringify(document).length
  for (let index = 0; size < bytes; index++) {
    const [path, schema] = [endpoint(index), model(index)]
    document.paths[`/v1/other/${index}`] = path
    document.components.schemas[`Other${index}`] = schema
    size += JSON.stringify(path).length + JSON.stringify(schema).length + 40
  }
  return JSON.stringify(document)
}

function endpoint(index: number): object {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/Other${index}` } } }
  return {
    post: {
      operationId: `other_${index}`,
      summary: `Endpoint ${index} that the SDK does not expose`,
      requestBody: { required: true, content },
      responses: { 200: { description: 'Successful Response', content } },
    },
  }
}

function model(index: number): object {
  const fields = Array.from({ length: 12 }, (_, at) => {
    const schema = {
      title: `Field ${at}`,
      description: `What field ${at} of model ${index} says.`,
      type: 'string',
    }
    return [`field_${at}`, schema] as const
  })
  const next = { $ref: `#/components/schemas/Other${Math.floor(index / 2)}` }
  return { title: `Other${index}`, type: 'object', properties: { ...Object.fromEntries(fields), next } }
}
