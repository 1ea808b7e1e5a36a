/** Reads each property of an object once, including inherited properties and getters of its class. */
export function readProperties(source: object): Record<string, unknown> {
  const read: Record<string, unknown> = { ...source }
  const isRoot = (prototype: object): boolean => Object.getPrototypeOf(prototype) === null
  for (let from = prototypeOf(source); from && !isRoot(from); from = prototypeOf(from)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      const isField = property.enumerable === true || property.get !== undefined
      if (isField && !(name in read)) read[name] = Reflect.get(source, name)
    }
  }
  return read
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null
}
