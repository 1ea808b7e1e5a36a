/** The rows of a CSV, character by character: a judge of what the command writes, which shares no code with it. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === ',' || character === '\n') {
      row.push(cell)
      cell = ''
      if (character === ',') continue
      rows.push(row)
      row = []
    } else cell += character
  }
  if (isQuoted || cell !== '' || row.length > 0) throw new Error(`the last row is cut off: ${cell}`)
  return rows
}
