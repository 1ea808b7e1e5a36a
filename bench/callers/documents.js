/**
 * Documents of some two hundred characters, as chunks of a text are.
 * @param {number} count
 * @returns {string[]}
 */
export function documentsOf(count) {
  return Array.from({ length: count }, (_, at) => `${at} `.padEnd(200, 'lorem ipsum dolor '))
}
