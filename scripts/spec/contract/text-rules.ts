import { quoted } from '../lib/failure.ts'
import { isVisibleLine } from '../lib/invisible.ts'
import { readable, refuse, type Rule, type TextRule } from './rules.ts'

/** Any text, kept as it is. */
export const text: TextRule = (value, place) =>
  typeof value === 'string' ? value : refuse(place, 'is not text')

/** Text that is shown to people, though machines read it as well. */
export function shown(rule: TextRule): TextRule {
  return (value, place) => place.style.words(rule(value, place))
}

/** Any text for people to read. */
export const words: Rule = readable(shown(text))

/** One line of printable text of at most `length` characters. */
export function line(length: number): TextRule {
  return (value, place) => {
    const found = text(value, place)
    if (found.trim() === '') refuse(place, 'is empty')
    if (found.length > length) refuse(place, `is longer than ${length} characters`)
    if (!isVisibleLine(found)) refuse(place, `is not one line of printable text: ${quoted(found)}`)
    return found
  }
}

/** Text as one line of at most `length` printable characters; `-` where it has none. */
export function label(length: number): TextRule {
  return (value, place) => {
    const printable = Array.from(text(value, place).replace(/\s+/g, ' '))
      .filter(isVisibleLine)
      .join('')
      .trim()
    return printable === '' ? '-' : printable.slice(0, length).trim()
  }
}

/** One line of at most `length` characters that an HTTP header can carry. */
export function headerLine(length: number): TextRule {
  return (value, place) => {
    const found = line(length)(value, place)
    if (!/^[\x20-\x7e]+$/.test(found)) refuse(place, `is not printable ASCII: ${quoted(found)}`)
    return found
  }
}

/** Text of a certain form; `expected` names the form in the refusal. */
export function matching(pattern: RegExp, expected: string): TextRule {
  return (value, place) => {
    const found = text(value, place)
    if (!pattern.test(found)) refuse(place, `is ${quoted(found)}, not ${expected}`)
    return found
  }
}

/** One of the given words. */
export function oneOf(...known: readonly string[]): TextRule {
  return (value, place) => {
    const found = text(value, place)
    if (!known.includes(found)) refuse(place, `is ${quoted(found)}, not one of ${known.join(', ')}`)
    return found
  }
}
