/** A query and its candidates, to begin with. */
export interface Example {
  name: string
  query: string
  documents: readonly string[]
}

export const EXAMPLES: readonly Example[] = [
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
