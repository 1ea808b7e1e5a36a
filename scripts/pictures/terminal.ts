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
export function terminalSvg(command: string, lines: readonly string[], columns: number): string {
  const width = Math.ceil(columns * CELL.width + 2 * PADDING)
  const height = (lines.length + 2) * CELL.height + 2 * PADDING
  const prompt = `\u001B[32m$\u001B[0m ${command}`
  const body = [prompt, '', ...lines].flatMap(lineSvg)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(command)}</title>`,
    `<rect width="100%" height="100%" rx="10" fill="${COLOURS.paper}"/>`,
    `<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
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
