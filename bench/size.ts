// Part of npm run bench: what each client adds to a bundle and to node_modules. The bundles are those of the modules in
// callers/, so each holds what one call needs and as much else as the bundler can't leave out.
import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CALLERS, moduleOf, OURS, OVER_NODE, SDKS, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import { endProgress, loss, progress, submit } from './report.ts'
import type { Goal } from './report.ts'

const MOST_OF_AN_SDK = 1 / 3
const FOLDER = fileURLToPath(new URL('callers', import.meta.url))

interface Size {
  caller: Caller
  bundled: number
  installed: number
  packages: number
}

/** As much of a lock as is read here: packages by their folders. */
interface Lock {
  packages: Record<string, { dependencies?: Record<string, string> }>
}

const { bundledBytes, version } = (await import(new URL('callers/bundle.js', import.meta.url).href)) as {
  bundledBytes: (module: URL) => Promise<number>
  version: string
}
const { packages } = JSON.parse(await readFile(join(FOLDER, 'package-lock.json'), 'utf8')) as Lock

const sizes: Size[] = []
for (const [at, caller] of CALLERS.entries()) {
  progress('size', at / CALLERS.length)
  sizes.push({ caller, bundled: await bundledBytes(moduleOf(caller)), ...(await installationOf(caller)) })
}
endProgress()

const ours = sizeOf(OURS)
submit({
  tables: [
    {
      title: `With what one call needs: bundled by esbuild ${version}, minified and gzipped; and installed`,
      columns: ['', 'bundle', 'installed', 'packages'],
      rows: sizes.map(({ caller, bundled, installed, packages: count }) => [
        titleOf(caller),
        kilobytes(bundled),
        kilobytes(installed),
        String(count),
      ]),
    },
  ],
  goals: [smallerThanSdks()],
  losses: [
    ...lossesIn('bundled', 'the bundle takes', kilobytes),
    ...lossesIn('installed', 'what is installed takes', kilobytes),
    ...lossesIn('packages', 'the packages that are installed are', String),
  ],
})

function smallerThanSdks(): Goal {
  const [smallest] = SDKS.map(sizeOf).sort((a, b) => a.bundled - b.bundled)
  if (!smallest) throw new Error('there is no SDK to compare with')
  const share = ours.bundled / smallest.bundled
  return {
    text: 'the bundle is at most a third of that of the smallest SDK',
    isMet: share <= MOST_OF_AN_SDK,
    found: `${(share * 100).toFixed(0)}% of ${smallest.caller}'s`,
    why: 'checks, retries, redaction and clear errors are code, and there is little else to leave out',
  }
}

function lossesIn(
  measure: 'bundled' | 'installed' | 'packages',
  what: string,
  told: (size: number) => string,
): string[] {
  const smaller = sizes.filter((size) => size[measure] < ours[measure])
  const said = smaller.map((size) => `${titleOf(size.caller)} ${told(size[measure])}`)
  return loss(`${what} ${told(ours[measure])}`, said)
}

function sizeOf(caller: Caller): Size {
  const size = sizes.find((each) => each.caller === caller)
  if (!size) throw new Error(`${caller} was not measured`)
  return size
}

async function installationOf(caller: Caller): Promise<Pick<Size, 'installed' | 'packages'>> {
  const isOurs = caller === OURS || caller === OVER_NODE
  const own = isOurs ? await packedBytes() : 0
  const names = reachable(isOurs ? 'openapi-fetch' : caller)
  const bytes = await Promise.all(names.map((name) => bytesIn(join(FOLDER, 'node_modules', name))))
  return {
    installed: bytes.reduce((sum, each) => sum + each, own),
    packages: names.length + (own > 0 ? 1 : 0),
  }
}

/** What `npm pack` would pack, unpacked. */
async function packedBytes(): Promise<number> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
  })
  const [{ unpackedSize }] = JSON.parse(stdout) as [{ unpackedSize: number }]
  return unpackedSize
}

/** A package and all that it depends on; nothing for what is none. All of them are at the top of node_modules. */
function reachable(name: string, seen = new Set<string>()): string[] {
  const found = packages[`node_modules/${name}`]
  if (found && !seen.has(name)) {
    seen.add(name)
    for (const dependency of Object.keys(found.dependencies ?? {})) reachable(dependency, seen)
  }
  return [...seen]
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizesOfFiles = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))))
  return sizesOfFiles.reduce((sum, { size }) => sum + size, 0)
}

function kilobytes(bytes: number): string {
  if (bytes === 0) return 'nothing'
  return bytes < 100_000
    ? `${(bytes / 1000).toFixed(1)} kB`
    : `${Math.round(bytes / 1000).toLocaleString('en')} kB`
}
