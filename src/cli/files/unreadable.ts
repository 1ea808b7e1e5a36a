/** A record that can't be read, while others can; the message says why. */
export class Unreadable extends Error {}
