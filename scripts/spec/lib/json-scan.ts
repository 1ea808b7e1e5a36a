// Where values of JSON text end: one pass, without recursion, and without a value of it in memory.

/** Text that is not JSON. */
export class JsonMistake extends SyntaxError {
  override readonly name = 'JsonMistake'
  /** Where it stops being JSON. */
  readonly position: number
  /** True if the text is the beginning of JSON, and nothing else is wrong with it. */
  readonly isCut: boolean

  constructor(text: string, position: number) {
    const isCut = position >= text.length
    super(isCut ? 'it ends too early' : `unexpected ${JSON.stringify(text.charAt(position))}`)
    this.position = position
    this.isCut = isCut
  }
}

const QUOTE = 0x22
const PLUS = 0x2b
export const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const BACKSLASH = 0x5c
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const LETTER_E = 0x65
const LOWER_CASE = 0x20

/** Where a value ends. It nests as deeply as memory allows: the brackets that are open are kept, not the calls. */
export function afterValue(text: string, start: number): number {
  const open = new Brackets()
  let at = start
  for (;;) {
    const first = text.charCodeAt(at)
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      const isObject = first === OPEN_OBJECT
      const next = afterSpace(text, at + 1)
      if (text.charCodeAt(next) !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.push(isObject)
        at = isObject ? afterKey(text, next) : next
        continue
      }
      at = next + 1
    } else at = afterWord(text, at)

    // A value has ended here, and so may what it stands in.
    for (;;) {
      if (open.depth === 0) return at
      at = afterSpace(text, at)
      const next = text.charCodeAt(at)
      const isObject = open.isObject
      if (next === COMMA) {
        at = afterSpace(text, at + 1)
        if (isObject) at = afterKey(text, at)
        break
      }
      if (next !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) throw new JsonMistake(text, at)
      open.depth--
      at++
    }
  }
}

/** Brackets that are open, the last one first. */
class Brackets {
  depth = 0
  #isObject = new Uint8Array(64)

  get isObject(): boolean {
    return this.#isObject[this.depth - 1] === 1
  }

  push(isObject: boolean): void {
    if (this.depth === this.#isObject.length) this.#isObject = twice(this.#isObject)
    this.#isObject[this.depth++] = isObject ? 1 : 0
  }
}

/** Where the value behind a key starts. */
function afterKey(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) throw new JsonMistake(text, at)
  return afterColon(text, afterString(text, at))
}

/** Where the value behind a colon starts. */
export function afterColon(text: string, at: number): number {
  const colon = afterSpace(text, at)
  if (text.charCodeAt(colon) !== COLON) throw new JsonMistake(text, colon)
  return afterSpace(text, colon + 1)
}

function afterWord(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return afterString(text, at)
  if (first === MINUS || isDigit(first)) return afterNumber(text, at)
  const word = WORDS.find((known) => text.charAt(at) === known.charAt(0))
  if (word === undefined) throw new JsonMistake(text, at)
  for (let index = 1; index < word.length; index++) {
    if (text.charAt(at + index) !== word.charAt(index)) throw new JsonMistake(text, at + index)
  }
  return at + word.length
}

const WORDS = ['true', 'false', 'null'] as const

/** Where a string ends that starts at a place. */
export function afterString(text: string, at: number): number {
  for (let index = at + 1; ; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) return index + 1
    if (code === BACKSLASH) index = atEscapesEnd(text, index)
    // Beyond the end it is NaN.
    else if (!(code >= 0x20)) throw new JsonMistake(text, index)
  }
}

function atEscapesEnd(text: string, at: number): number {
  const letter = text.charAt(at + 1)
  if (letter === '' || !'"\\/bfnrtu'.includes(letter)) throw new JsonMistake(text, at + 1)
  if (letter !== 'u') return at + 1
  for (let index = at + 2; index < at + 6; index++) {
    if (!/^[\da-f]$/i.test(text.charAt(index))) throw new JsonMistake(text, index)
  }
  return at + 5
}

function afterNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start
  at = text.charCodeAt(at) === ZERO ? at + 1 : afterDigits(text, at)
  if (text.charCodeAt(at) === POINT) at = afterDigits(text, at + 1)
  if ((text.charCodeAt(at) | LOWER_CASE) !== LETTER_E) return at
  const sign = text.charCodeAt(at + 1)
  return afterDigits(text, at + (sign === PLUS || sign === MINUS ? 2 : 1))
}

function afterDigits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  if (at === start) throw new JsonMistake(text, at)
  return at
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Where a text goes on that is not white space. */
export function afterSpace(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** The same numbers with room for as many again. */
export function twice<Numbers extends Uint8Array | Uint32Array>(numbers: Numbers): Numbers {
  const more = new (numbers.constructor as new (length: number) => Numbers)(numbers.length * 2)
  more.set(numbers)
  return more
}
