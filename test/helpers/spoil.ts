import fc from 'fast-check'

/** The same values with one that is in them, wherever it is, replaced by any other or left out. */
export function spoiled(values: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(values, fc.nat(), fc.option(fc.jsonValue(), { nil: undefined })).map(spoil)
}

function spoil([value, place, other]: readonly [object, number, unknown]): object {
  const copy: object = structuredClone(value)
  const places = placesIn(copy)
  const [holder, key] = places[place % places.length] ?? [copy, 'other']
  if (other === undefined) Reflect.deleteProperty(holder, key)
  else
    Object.defineProperty(holder, key, { value: other, enumerable: true, configurable: true, writable: true })
  return copy
}

/** Every place that a value is in. */
function placesIn(value: unknown): [holder: object, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[value, key], ...placesIn(inner)])
}
