// Arithmetic on the decimal numbers that JSON writes, where 0.3 is three times 0.1.

/** A number as digits times a power of ten. */
interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** True if a number is a whole multiple of another one. */
export function isMultipleOf(value: number, divisor: number): boolean {
  const [a, b] = aligned([value, divisor])
  return b !== undefined && b !== 0n && (a ?? 0n) % b === 0n
}

/** True if every number that is a multiple of all divisors is one of `divisor`, too. */
export function multiplesAreOf(divisors: readonly number[], divisor: number): boolean {
  if (divisors.length === 0) return false
  const [wanted = 0n, ...parts] = aligned([divisor, ...divisors])
  return wanted !== 0n && parts.reduce(leastCommonMultiple) % wanted === 0n
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return a === 0n || b === 0n ? 0n : (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}

/** Numbers as integers of one unit, without their signs. */
function aligned(values: readonly number[]): bigint[] {
  const decimals = values.map(decimalOf)
  const unit = Math.min(...decimals.map(({ exponent }) => exponent))
  return decimals.map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - unit))
}

function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}
