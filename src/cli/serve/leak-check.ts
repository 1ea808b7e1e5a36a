/** A shorter run of a secret gives nothing away; a shorter secret is a placeholder, such as `local`. */
const LONGEST_SHOWN = 11
const SHORTEST_SECRET = 8

/**
 * Makes a check that a text gives nothing of a secret away: no run of 12 of its characters, in whatever case, encoding or
 * line length.
 */
export function createLeakCheck(secret: string): (text: string) => boolean {
  if (secret.length < SHORTEST_SECRET) return () => true
  const spellings = spellingsOf(secret).flatMap(readings)
  return (text) => {
    const read = readings(text)
    return spellings.every((spelling) => read.every((reading) => !shareRun(reading, spelling)))
  }
}

/** A secret as it is, in hexadecimal (which `%xx` and `\xNN` are without their marks), and in base64 at every offset. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // The first and last characters hold bits of their neighbours.
    return encoded.slice(offset === 0 ? 0 : offset + 1).replace(/.?={0,2}$/, '')
  })
  return [secret, bytes.toString('hex'), ...base64]
}

/** A text without capitals, and without all that may stand between its letters and digits as well. */
function readings(text: string): string[] {
  const lower = text.toLowerCase()
  return [lower, lower.replace(/\\x|\\u00|[^a-z\d]/g, '')]
}

function shareRun(text: string, spelling: string): boolean {
  const length = Math.min(LONGEST_SHOWN + 1, spelling.length)
  for (let start = 0; start + length <= spelling.length; start += 1) {
    if (text.includes(spelling.slice(start, start + length))) return true
  }
  return false
}
