import fc from 'fast-check'

const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.nat({ max: 400 }).map((digits) => '9'.repeat(digits)),
)
const duration = fc
  .array(fc.tuple(number, fc.constantFrom('d', 'h', 'm', 's', 'ms', '', ' ', '-')))
  .map((parts) => parts.flat().join(''))
const date = fc.date({ noInvalidDate: true }).map((value) => value.toUTCString())
const anything = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
})

/** Values of headers that look like numbers, durations and dates, and any other. */
export const headerValues = fc.oneof(number, duration, date, anything)
