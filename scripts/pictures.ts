// npm run pictures: the README's pictures, made anew from what the built command prints and serves. Takes
// `script` (util-linux) for the terminal and Chromium for the page.

import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromiumPath, QUIET } from './pictures/browser.ts'
import { terminalSvg } from './pictures/terminal.ts'

const run = promisify(execFile)

const COLUMNS = 86
const COMMAND = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url))
const PICTURES = fileURLToPath(new URL('../pictures/', import.meta.url))

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
  await takePage()
} catch (error) {
  console.error(`pictures: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function takeTerminal(): Promise<void> {
  await writeFile(join(folder, 'notes.txt'), NOTES.join('\n'))
  const commands = [
    '--local --top 5 "why is dough slow to rise in the cold" notes.txt',
    '--local --min-score 0.3 "keep knives sharp" notes.txt',
  ]
  const scenes = await Promise.all(
    commands.map(async (words) => ({ command: `nebius-rerank ${words}`, lines: await printedBy(words) })),
  )
  await writeFile(`${PICTURES}terminal.svg`, terminalSvg(scenes, COLUMNS))
  console.log('pictures/terminal.svg')
}

async function printedBy(words: string): Promise<string[]> {
  const { stdout } = await run(
    'script',
    [
      '--quiet',
      '--return',
      '--command',
      `stty cols ${COLUMNS}; ${process.execPath} ${COMMAND} ${words}`,
      '/dev/null',
    ],
    { cwd: folder, env: { ...process.env, NO_COLOR: '', TERM: 'xterm-256color' } },
  )
  // The time that it took would make every picture another.
  const printed = stdout.replaceAll('\r', '').replace(/\d+ ms/, '24 ms')
  return printed.trimEnd().split('\n')
}

async function takePage(): Promise<void> {
  const browser = chromiumPath()
  const server = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    let url = ''
    for await (const line of createInterface(server.stderr)) {
      url = /^To try it: (\S+)$/.exec(line)?.[1] ?? ''
      if (url !== '') break
    }
    await run(browser, [
      '--headless',
      ...QUIET,
      '--hide-scrollbars',
      `--user-data-dir=${join(folder, 'browser')}`,
      '--window-size=1280,1060',
      '--virtual-time-budget=5000',
      `--screenshot=${PICTURES}page.png`,
      `${url}#A-cold-kitchen`,
    ])
    console.log('pictures/page.png')
  } finally {
    server.kill()
  }
}
