/** The longest text of a message that comes from outside, in characters. */
const LONGEST = 300

/** A text from outside for a message: one line of limited length, without control characters. */
export function oneLine(text: string, longest: number = LONGEST): string {
  // Cut twice: before the replacement, so that it never runs over megabytes, and after it.
  const line = text
    .slice(0, longest * 4)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
  return line.length > longest || text.length > longest * 4 ? `${line.slice(0, longest)}…` : line
}
