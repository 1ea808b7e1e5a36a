import { editDistance } from './edit-distance.ts'

/**
 * Names by their likeness to one, the nearest first: those that it is the beginning of, and those that a part of its
 * letters, by default half of them, turns it into.
 */
export function nearest(name: string, names: readonly string[], part = 1 / 2): string[] {
  const wanted = plainOf(name)
  return names
    .slice(0, MOST_NAMES)
    .map((each) => ({ name: each, distance: distanceOf(wanted, plainOf(each)) }))
    .filter(({ distance }) => distance <= wanted.length * part)
    .sort((a, b) => a.distance - b.distance)
    .map((each) => each.name)
}

/** Lists and names come from outside too, and comparing takes the product of their lengths. */
const MOST_NAMES = 1000
const LONGEST_NAME = 100

function distanceOf(wanted: string, name: string): number {
  return name.startsWith(wanted) ? 0 : editDistance(wanted, name)
}

function plainOf(name: string): string {
  return name.toLowerCase().slice(0, LONGEST_NAME)
}
