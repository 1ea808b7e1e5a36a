// Whether values of one generated type fit another. The compiler compares single kinds of value; what holds others is
// compared here, member by member, since the compiler takes for ever on choices that hold themselves.

import type { Type, TypeChecker, TypeReference } from 'typescript'
import { kindsIn } from './compiler.ts'
import { ts } from './typescript.ts'
import { Prover } from './prover.ts'

/** Compares types of one program. */
export class TypeFit {
  readonly #checker: TypeChecker
  readonly #prover = new Prover()
  readonly #ids = new Map<Type, number>()

  constructor(checker: TypeChecker) {
    this.#checker = checker
  }

  /** True if each value of a type is one of another. */
  readonly fits = (source: Type, target: Type): boolean => {
    if (source === target || (target.flags & ANYTHING) !== 0) return true
    return this.#prover.prove(`${this.idOf(source)} ${this.idOf(target)}`, () => {
      const options = kindsIn(target)
      return kindsIn(source).every((kind) => options.some((option) => this.#kindFits(kind, option)))
    })
  }

  /** A number for a type, the same for the same type. */
  idOf(type: Type): number {
    const id = this.#ids.get(type) ?? this.#ids.size
    this.#ids.set(type, id)
    return id
  }

  #kindFits(source: Type, target: Type): boolean {
    if (source === target || (target.flags & ANYTHING) !== 0) return true
    if (!isObject(source) || !isObject(target)) return this.#checker.isTypeAssignableTo(source, target)
    return this.#prover.prove(`kind ${this.idOf(source)} ${this.idOf(target)}`, () =>
      this.#objectFits(source, target),
    )
  }

  #objectFits(source: Type, target: Type): boolean {
    const checker = this.#checker
    if (isList(checker, source) || isList(checker, target)) return this.#listFits(source, target)
    const members = checker.getPropertiesOfType(target)
    const hasMembers = members.every((member) => {
      const own = checker.getPropertyOfType(source, member.name)
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0
      const rest = checker.getIndexTypeOfType(source, ts.IndexKind.String)
      if (own === undefined)
        return isOptional && (rest === undefined || this.fits(rest, checker.getTypeOfSymbol(member)))
      if (!isOptional && (own.flags & ts.SymbolFlags.Optional) !== 0) return false
      return this.fits(checker.getTypeOfSymbol(own), checker.getTypeOfSymbol(member))
    })
    const rest = checker.getIndexTypeOfType(target, ts.IndexKind.String)
    return hasMembers && (rest === undefined || this.#membersFit(source, rest))
  }

  /** Members of any name: those that are there have to fit as well. */
  #membersFit(source: Type, rest: Type): boolean {
    const own = this.#checker.getIndexTypeOfType(source, ts.IndexKind.String)
    const named = this.#checker
      .getPropertiesOfType(source)
      .map((member) => this.#checker.getTypeOfSymbol(member))
    return [...named, ...(own ? [own] : [])].every((type) => this.fits(type, rest))
  }

  #listFits(source: Type, target: Type): boolean {
    const checker = this.#checker
    const item = checker.isArrayType(target)
      ? checker.getIndexTypeOfType(target, ts.IndexKind.Number)
      : undefined
    if (item) return isList(checker, source) && itemsOf(checker, source).every((one) => this.fits(one, item))
    if (!checker.isTupleType(source) || !checker.isTupleType(target)) return false
    const [own, wanted] = [itemsOf(checker, source), itemsOf(checker, target)]
    return own.length === wanted.length && own.every((one, index) => this.fits(one, wanted[index] ?? one))
  }
}

/** True for a type of objects or lists. */
export function isObject({ flags }: Type): boolean {
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0
}

/** True for a type that takes everything. */
export function isAnything({ flags }: Type): boolean {
  return (flags & ANYTHING) !== 0
}

const ANYTHING = ts.TypeFlags.Unknown | ts.TypeFlags.Any

function isList(checker: TypeChecker, type: Type): boolean {
  return checker.isArrayType(type) || checker.isTupleType(type)
}

function itemsOf(checker: TypeChecker, type: Type): readonly Type[] {
  return checker.getTypeArguments(type as TypeReference)
}
