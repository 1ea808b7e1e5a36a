// Controls, format characters (bidirectional ones among them), lone surrogates, line and paragraph separators, and
// whatever else renders as nothing. Line feeds and tabs are left alone: they are layout.
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
// Most texts are of these alone, which is found out many times as fast.
const VISIBLE = /^[\n\t -~]*$/

/**
 * Writes characters that a reader cannot see as `\uXXXX`, so that a diff shows what is there. JSON and TypeScript
 * read the same string back; in a comment the escape stays visible.
 */
export function escapeInvisible(text: string): string {
  if (VISIBLE.test(text)) return text
  return text.replace(INVISIBLE, (character) => character.split('').map(escapeUnit).join(''))
}

/** The characters of a text that a reader cannot see. */
export function invisibleIn(text: string): readonly string[] {
  return text.match(INVISIBLE) ?? []
}

/** True if a text is a single line without invisible characters. */
export function isVisibleLine(text: string): boolean {
  return !/[\n\t]/.test(text) && escapeInvisible(text) === text
}

/** A UTF-16 code unit as `\uXXXX`. */
export function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
