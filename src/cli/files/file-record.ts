/** A line of JSON, a value of a JSON array, or a row of a table. */
export interface FileRecord {
  /** Its number, which stands for a missing id: its line, from 1; in a JSON array its place there, from 1. */
  number: number
  /** Its value; for a row an object of texts. @throws Unreadable, where other records can still be read */
  read(): unknown
  /** The JSON text of each of its fields. Call it only if `read` returns an object. */
  texts(): ReadonlyMap<string, string>
}

/** A record that can't be read, while others can; the message says why. */
export class Unreadable extends Error {}
