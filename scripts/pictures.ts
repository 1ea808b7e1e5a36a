// npm run pictures: the README's pictures, made again from what the built command prints and serves. Takes
// `script` (util-linux) for the terminal and Chromium for the page.

import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AILMENTS, withService } from './pictures/ailing-service.ts'
import { chromiumPath, QUIET } from './pictures/browser.ts'
import { terminalSvg } from './pictures/terminal.ts'

const run = promisify(execFile)

const COLUMNS = 86
const CHECK_COLUMNS = 132
const COMMAND = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url))
const PICTURES = fileURLToPath(new URL('../docs/pictures/', import.meta.url))

const NOTES = [
  'Steel kitchen knives stay sharp for longer when they are washed by hand.',
  'Bakers leave dough in the fridge overnight: the slow rise gives the bread more flavour.',
  'A cold frame lets gardeners sow lettuce weeks before the last frost.',
  'Warm water wakes the yeast, but above 60 °C it kills it before the dough can rise.',
  'House prices rise slowly in towns that the young are leaving.',
  'Yeast is sluggish in the cold, so bread dough in a cool kitchen takes twice as long to rise.',
  '寒い台所ではパン生地の発酵に時間がかかります。',
  'Salt tightens the gluten and holds fermentation back a little.',
]

const folder = await mkdtemp(join(tmpdir(), 'nebius-rerank-pictures-'))
try {
  await mkdir(PICTURES, { recursive: true })
  await takeTerminal()
  await takeCheck()
  await takePage()
  await takeReport()
} catch (error) {
  console.error(`pictures: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** The command's output in a terminal with this number of columns. */
async function printed(words: string, columns: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run(
    'script',
    ['--quiet', '--command', `stty cols ${columns}; ${process.execPath} ${COMMAND} ${words}`, '/dev/null'],
    { cwd: folder, env: { ...process.env, NO_COLOR: '', TERM: 'xterm-256color', ...env } },
  )
  // How long it took would make every picture another.
  return stdout
    .replaceAll('\r', '')
    .replace(/(?<!within )\b\d+ ms/g, '24 ms')
    .trimEnd()
}

async function takeTerminal(): Promise<void> {
  await writeFile(join(folder, 'notes.txt'), NOTES.join('\n'))
  const commands = [
    '--local --top 5 "why is dough slow to rise in the cold" notes.txt',
    '--local --min-score 0.3 "keep knives sharp" notes.txt',
  ]
  const scenes = await Promise.all(
    commands.map(async (words) => ({
      command: `nebius-rerank ${words}`,
      lines: (await printed(words, COLUMNS)).split('\n'),
    })),
  )
  await writeFile(`${PICTURES}terminal.svg`, terminalSvg(scenes, COLUMNS))
  console.log('pictures/terminal.svg')
}

/** All that is well, and below it each line as it is when something is not. */
async function takeCheck(): Promise<void> {
  const check = async (
    url: string,
    env: NodeJS.ProcessEnv = { NEBIUS_API_KEY: 'key' },
  ): Promise<string[]> => {
    const lines = await printed(`check --timeout 1 --base-url ${url}`, CHECK_COLUMNS, env)
    return lines.replace(/127\.0\.0\.1:\d+/g, 'localhost:8000').split('\n')
  }
  const red = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('✗'))
  const well = await withService({}, (url) => check(url))
  const ailing: string[] = []
  ailing.push(
    ...red(
      await withService({ modelsStatus: 401, rerankStatus: 401 }, (url) =>
        check(url, { NEBIUS_API_KEY: '' }),
      ),
    ),
  )
  for (const ailment of AILMENTS) {
    const lines = await withService(ailment, async (url, authority = '') => {
      const trusted = join(folder, 'authority.pem')
      await writeFile(trusted, authority)
      return check(url, { NEBIUS_API_KEY: 'key', ...(authority && { NODE_EXTRA_CA_CERTS: trusted }) })
    })
    ailing.push(...red(lines))
  }
  ailing.push(...red(await check('https://region.nebius.com', { NEBIUS_API_KEY: '' })).slice(0, 1))
  ailing.push(...red(await withService({}, (url) => check(url, { NEBIUS_API_KEY: 'a blank' }))))
  ailing.push(...red(await check('http://reranker.example')).slice(0, 1))
  ailing.push(...red(await withService({}, (url) => check(url.replace('http:', 'https:')))))
  const closed = await withService({}, async (url) => url)
  ailing.push(...red(await check(closed)), ...red(await check('https://reranker.example')))
  const byProxy = await check('https://reranker.example', { NEBIUS_API_KEY: 'key', HTTPS_PROXY: closed })
  ailing.push(...red(byProxy).map((line) => line.replace('localhost:8000', 'proxy.example:3128')))
  const order = ['key', 'host', 'model', 'ranking', 'tokens', 'limits', 'clock', 'spec', 'proxy']
  const placeOf = (line: string): number => order.findIndex((name) => line.includes(`✗ ${name}`))
  const lines = [
    ...well,
    '',
    '\u001B[2m# and when a check fails\u001B[0m',
    ...ailing.sort((a, b) => placeOf(a) - placeOf(b)),
  ]
  // The service's clock has whole seconds.
  const steady = lines.map((line) => line.replace(/\b\d+ s (?=ahead|behind)/, '300 s '))
  await writeFile(
    `${PICTURES}check.svg`,
    terminalSvg([{ command: 'nebius-rerank check', lines: steady }], CHECK_COLUMNS),
  )
  console.log('pictures/check.svg')
}

async function takeReport(): Promise<void> {
  const report = join(folder, 'report.html')
  await run(process.execPath, [COMMAND, 'eval', '--sample', '--local', '--html', report])
  await takeScreenshot(`file://${report}`, 'report.png', '1000,900')
}

async function takeScreenshot(url: string, name: string, size: string): Promise<void> {
  await run(chromiumPath(), [
    '--headless',
    ...QUIET,
    '--hide-scrollbars',
    `--user-data-dir=${join(folder, 'browser')}`,
    `--window-size=${size}`,
    '--virtual-time-budget=5000',
    `--screenshot=${PICTURES}${name}`,
    url,
  ])
  console.log(`pictures/${name}`)
}

async function takePage(): Promise<void> {
  const server = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    let url = ''
    for await (const line of createInterface(server.stderr)) {
      url = /^To try it: (\S+)$/.exec(line)?.[1] ?? ''
      if (url !== '') break
    }
    await takeScreenshot(`${url}#A-cold-kitchen`, 'page.png', '1280,1060')
  } finally {
    server.kill()
  }
}
