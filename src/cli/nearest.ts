import { editDistance } from './edit-distance.ts'

/**
 * Lists the names that are like a given one, the nearest first. Such a name begins with it, or takes edits of at most a
 * part of the given name's letters, by default half.
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
