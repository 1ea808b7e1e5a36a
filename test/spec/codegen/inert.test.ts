import openapiTS, { astToString } from 'openapi-typescript'
import { describe, expect, it } from 'vitest'
import { assertInert } from '../../../scripts/spec/codegen/inert.ts'
import { PipelineError } from '../../../scripts/spec/lib/failure.ts'
import { edited, SCHEMAS, TEXT } from '../../scripts/document.ts'

const MODULE = 'export type A = string\n'
const proof = (code: string) => (): void => assertInert(code, 'generated.ts')

describe('the proof accepts', () => {
  it.each([
    [
      'an interface',
      'export interface A { readonly "b c"?: string | null; 200: -1; [name: string]: unknown }',
    ],
    ['an alias', 'export type A = (B & { c: true })[]; type B = readonly [1, "2"]'],
    ['a mapped type', 'export type A<T, K extends keyof T> = T & { [P in K]-?: T[P] }'],
    ['a literal constant', 'export const a = { b: "c", d: [1, -2, true, false, null] } as const'],
    ['a block comment', `/** @description eval() */\n${MODULE}`],
    ['a directive that is only text', 'export type A = "// @ts-ignore" | "import()"'],
    ['a directive that is escaped', `/** \\@ts-ignore */\n${MODULE}`],
  ])('%s', (_, code) => {
    expect(proof(code)).not.toThrow()
  })
})

describe('the proof refuses', () => {
  it.each([
    ['a call', `${MODULE}evil()`],
    ['a value that is called', 'export const a = evil() as const'],
    ['a value that is named', 'export const a = process as const'],
    ['a value behind a literal', 'export const a = { b: 1, c: process } as const'],
    ['a value behind another in a list', 'export const a = [1, process] as const'],
    ['a value that is negated', 'export const a = -process as const'],
    ['a value made of a literal', 'export const a = ~1 as const'],
    ['a constant with a type', 'export const a: "b" = "b" as const'],
    ['two that are only declared', 'export declare const a = 1 as const, b = 2 as const'],
    ['a value inside an object', 'export const a = { b: [process] } as const'],
    ['a shorthand property', 'export const a = { process } as const'],
    ['a spread', 'export const a = { ...process } as const'],
    ['a getter', 'export const a = { get b() { return 1 } } as const'],
    ['a computed key', 'export const a = { [process.pid]: 1 } as const'],
    ['a prototype', 'export const a = { __proto__: null } as const'],
    ['a template', 'export const a = `${process.pid}` as const'],
    ['a constant of another type', 'export const a = {} as any'],
    ['a constant that is not const', 'export let a = {} as const'],
    ['a resource', 'export using a = {} as const'],
    ['two constants in one', 'export const a = 1 as const, b = 2 as const'],
    ['a constant that stays inside', `${MODULE}const a = {} as const`],
    ['a declared constant', 'export declare const a: string'],
    ['a pattern', 'export const { a } = {} as const'],
    ['an enum', 'export enum A { B }'],
    ['a constant enum', 'export const enum A { B }'],
    ['a class', 'export class A {}'],
    ['a function', 'export function a() {}'],
    ['a namespace', `${MODULE}namespace B { evil() }`],
    ['a global declaration', `${MODULE}declare global { interface Array<T> { evil: T } }`],
    ['an import', `${MODULE}import "evil"`],
    ['a type import', `${MODULE}import type { B } from "evil"`],
    ['an imported type', 'export type A = import("evil").B'],
    ['a re-export', 'export * from "evil"'],
    ['an export list', `${MODULE}export { A as B }`],
    ['a default export', 'export default {}'],
    ['a computed property', 'export interface A { [process.pid]: string }'],
    ['a query for a value', 'export type A = typeof process'],
    ['a template type', 'export type A = `${string}`'],
    ['a method', 'export interface A { b(): void }'],
    ['an interface that extends', 'export interface A extends B {}'],
    ['a declaration outside a module', 'interface Array<T> { evil: T }'],
    ['a directive', `// @ts-nocheck\n${MODULE}`],
    ['any line comment', `// harmless\n${MODULE}`],
    ['a reference', `/// <reference path="evil.d.ts" />\n${MODULE}`],
    ['a directive in a block', `/* @ts-ignore */\n${MODULE}`],
    ['a source map', `${MODULE}/*# sourceMappingURL=evil.map */`],
    ['a shebang', `#!/bin/sh\n${MODULE}`],
    ['what does not parse', 'export type A = "b'],
    ['nothing', ''],
  ])('%s', (_, code) => {
    expect(proof(code)).toThrow(PipelineError)
  })

  it.each([
    ['type A = string', 'line 1: not a module'],
    [`${MODULE}/* @ts-ignore */`, 'line 2: the comment "/* @ts-ignore */"'],
    [`${MODULE}export type B = "b`, 'line 2: Unterminated string literal.'],
    [`${MODULE}export type B = {{}`, 'line 2: '],
  ])('and says why: %j', (code, why) => {
    expect(proof(code)).toThrow(`the generated generated.ts is rejected at ${why}`)
  })

  it('with the file, the line and the code', () => {
    expect(proof(`${MODULE}evil()`)).toThrow(
      'the generated generated.ts is rejected at line 2: ExpressionStatement "evil()"',
    )
  })
})

// What openapi-typescript makes of documents that never passed the allow-list.
describe('the proof refuses code that the generator can be made to write', () => {
  const ACT = 'string } } } globalThis.canary=1; export interface More { a: { b: { c: components'

  it("through a reference's first segment", async () => {
    const document = edited([`/${ACT}`, { a: { b: {} } }], [TEXT, { $ref: `#/${ACT}/a/b` }])
    const code = astToString(await openapiTS(JSON.stringify(document), { silent: true }))
    expect(code).toContain('globalThis.canary=1')
    expect(proof(code)).toThrow(
      'ExpressionStatement "globalThis.canary=1;", neither a type nor a literal constant',
    )
  })

  it('through the descriptions of enum members', async () => {
    const document = edited([`${SCHEMAS}/ServiceTier/x-enum-descriptions`, ['\n} globalThis.canary = 1\n{']])
    const code = astToString(await openapiTS(JSON.stringify(document), { silent: true, enum: true }))
    expect(code).toContain('globalThis.canary = 1')
    expect(proof(code)).toThrow(PipelineError)
  })
})
