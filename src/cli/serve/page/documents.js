/* eslint @typescript-eslint/explicit-module-boundary-types: off -- the types are in JSDoc */

/**
 * The documents in a text: its lines, without the blank ones.
 * @param {string} text
 */
export function documentsIn(text) {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

/**
 * A file as lines: of JSON and JSON Lines, the strings, or the `text` of the objects.
 * @param {File} file
 */
export async function linesOf(file) {
  const text = (await file.text()).replace(/^\uFEFF/, '')
  const values = /\.jsonl?$/i.test(file.name) ? valuesIn(text) : undefined
  return values === undefined ? text.trimEnd() : values.map(oneLine).join('\n')
}

/** @type {readonly { name: string, query: string, documents: readonly string[] }[]} */
export const EXAMPLES = [
  {
    name: 'A cold kitchen',
    query: 'Why does bread dough rise slowly in a cold kitchen?',
    documents: [
      'Steel kitchen knives stay sharp for longer when they are washed by hand.',
      'Bakers leave dough in the fridge overnight: the slow rise gives the bread more flavour.',
      'A cold frame lets gardeners sow lettuce weeks before the last frost.',
      'Warm water wakes the yeast, but above 60 °C it kills it before the dough can rise.',
      'House prices rise slowly in towns that the young are leaving.',
      'Yeast is sluggish in the cold, so bread dough in a cool kitchen takes twice as long to rise.',
      'Salt tightens the gluten and holds fermentation back a little.',
      'A damp cloth keeps a crust from forming on the dough while it rests.',
    ],
  },
  {
    name: 'A refund',
    query: 'How do I get a refund for a damaged parcel?',
    documents: [
      'Parcels are handed over before noon and arrive within three working days.',
      'Choose gift wrapping at checkout; the price is left off the slip.',
      'If a parcel arrives damaged, send us a photo within 14 days and choose a refund or a replacement.',
      'A refund reaches your card two to five days after we have sent it.',
      'Change your address under Account, Addresses, until the parcel is packed.',
      'Damage to shelves in the warehouse is reported to the shift leader.',
    ],
  },
  {
    name: 'Many scripts',
    query: 'capital 首都 столица عاصمة',
    documents: [
      'Lisbon is the capital of Portugal.',
      '東京は日本の首都です。',
      'Амстердам — столица Нидерландов.',
      'القاهرة هي عاصمة مصر.',
      'Emoji have no capital: 🗼🥖🧀',
      'Ljubljana lies on the river Ljubljanica.',
    ],
  },
]

/**
 * @param {string} text
 * @returns {unknown[] | undefined}
 */
function valuesIn(text) {
  for (const read of [parse, (/** @type {string} */ lines) => lines.split('\n').filter(Boolean).map(parse)]) {
    try {
      return [read(text)].flat()
    } catch {
      // Then it is the other of the two, or plain lines after all.
    }
  }
  return undefined
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  return JSON.parse(text)
}

/** @param {unknown} value */
function oneLine(value) {
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : value
  return (typeof text === 'string' ? text : JSON.stringify(text)).replace(/\s+/g, ' ')
}
