// What a terminal shows, as SVG. Every run of text has its own place, so that it stands where it stood whatever
// font a reader has; bars are drawn, since fonts leave gaps between block characters.

const CELL = { width: 8.4, height: 20 } as const
const PADDING = 20
const COLOURS = {
  paper: '#1b1a17',
  ink: '#e9e5dc',
  dim: '#98928a',
  red: '#e8897d',
  green: '#5cc0a8',
  cyan: '#7fb4d8',
} as const

/** The fill of each SGR style that the command uses. */
const FILLS: Readonly<Record<string, string>> = {
  0: COLOURS.ink,
  2: COLOURS.dim,
  31: COLOURS.red,
  32: COLOURS.green,
  36: COLOURS.cyan,
}

/** A command and the lines that it printed, escape sequences included. */
export interface Scene {
  command: string
  lines: readonly string[]
}

const SECONDS = { before: 0.8, key: 0.045, run: 0.5, line: 0.07, read: 2.4, end: 5 } as const

/**
 * A recording of a terminal: each command is typed, and its lines appear, over and over. A reader who wants no motion
 * sees its end.
 */
export function terminalSvg(scenes: readonly Scene[], columns: number): string {
  const steps = timed(scenes)
  const total = (steps.at(-1)?.ends ?? 0) + SECONDS.end
  const width = Math.ceil(columns * CELL.width + 2 * PADDING)
  const height = steps.length * CELL.height + 2 * PADDING
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(scenes.map(({ command }) => command).join('; '))}</title>`,
    '<style>',
    `.cover{visibility:hidden}@media(prefers-reduced-motion:no-preference){.line,.cover{animation:${rounded(total)}s infinite}.cover{visibility:visible}`,
    ...steps.map((step, row) => animation(step, row, total)),
    '}',
    '</style>',
    `<rect width="100%" height="100%" rx="10" fill="${COLOURS.paper}"/>`,
    `<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...steps.flatMap(stepSvg),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

interface Step {
  text: string
  /** Characters that are typed; a line that is printed has none. */
  typed: number
  begins: number
  ends: number
}

const PROMPT = '\u001B[32m$\u001B[0m '

function timed(scenes: readonly Scene[]): Step[] {
  let now: number = SECONDS.before
  return scenes.flatMap(({ command, lines }, place) => {
    const typing = {
      text: PROMPT + command,
      typed: command.length,
      begins: now,
      ends: now + command.length * SECONDS.key,
    }
    now = typing.ends + SECONDS.run
    const gap = place < scenes.length - 1 ? [''] : []
    const printed = ['', ...lines, ...gap].map((text) => {
      now += SECONDS.line
      return { text, typed: 0, begins: now, ends: now }
    })
    now += SECONDS.read
    return [typing, ...printed]
  })
}

/** A line appears at its time; what is typed is uncovered from left to right, a character a step. */
function animation({ typed, begins, ends }: Step, row: number, total: number): string {
  const at = (seconds: number): string => `${((100 * seconds) / total).toFixed(2)}%`
  if (typed === 0) {
    return `.r${row}{animation-name:r${row}}@keyframes r${row}{0%,${at(begins)}{opacity:0}${at(begins + 0.01)},100%{opacity:1}}`
  }
  const far = rounded(typed * CELL.width)
  return `.c${row}{animation-name:c${row}}@keyframes c${row}{0%,${at(begins)}{transform:none;animation-timing-function:steps(${typed})}${at(ends)},100%{transform:translateX(${far}px)}}.r${row}{animation-name:r${row}}@keyframes r${row}{0%,${at(begins - SECONDS.before)}{opacity:0}${at(begins - SECONDS.before + 0.01)},100%{opacity:1}}`
}

function stepSvg({ text, typed }: Step, row: number): string[] {
  const shapes = lineSvg(text, row)
  if (shapes.length === 0) return []
  const y = PADDING + row * CELL.height
  const cursor = `<rect x="0" y="2" width="2" height="16" fill="${COLOURS.ink}"/>`
  const cover =
    typed === 0
      ? []
      : [
          `<g class="cover c${row}"><g transform="translate(${rounded(PADDING + 2 * CELL.width)} ${y})"><rect width="${rounded(typed * CELL.width + PADDING)}" height="20" fill="${COLOURS.paper}"/>${cursor}</g></g>`,
        ]
  return [`<g class="line r${row}">`, ...shapes, ...cover, '</g>']
}

function lineSvg(line: string, row: number): string[] {
  const y = PADDING + row * CELL.height
  let column = 0
  let fill: string = COLOURS.ink
  const shapes: string[] = []
  for (const [, style, run = ''] of line.matchAll(/\u001B\[(\d+)m|([█▉▊▋▌▍▎▏]+|[^\u001B█▉▊▋▌▍▎▏]+)/gu)) {
    if (style !== undefined) {
      fill = FILLS[style] ?? COLOURS.ink
      continue
    }
    const x = PADDING + column * CELL.width
    const eighths = Array.from(run, (block) => '▏▎▍▌▋▊▉█'.indexOf(block) + 1)
    if (eighths.every((eighth) => eighth > 0)) {
      const width = (eighths.reduce((sum, eighth) => sum + eighth, 0) / 8) * CELL.width
      shapes.push(
        `<rect x="${rounded(x)}" y="${y + 4}" width="${rounded(width)}" height="12" fill="${fill}"/>`,
      )
    } else {
      // Runs of blanks are left to the places: not every viewer keeps them.
      for (const { 0: words, index } of run.matchAll(/\S+(?: \S+)*/gu)) {
        const start = rounded(x + index * CELL.width)
        shapes.push(`<text x="${start}" y="${y + 15}" fill="${fill}">${escaped(words)}</text>`)
      }
    }
    column += run.length
  }
  return shapes
}

function rounded(length: number): string {
  return length.toFixed(1)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
