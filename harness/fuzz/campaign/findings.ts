import type { FuzzDoubt, FuzzFinding } from '../../report/verdict.ts'
import type { Cell, Wrong } from './field.ts'

/** What was wrong, as far as it tells one finding from another. */
export interface Symptom {
  readonly cell: Pick<Cell, 'requestClass' | 'element' | 'breakage'>
  readonly wrong: Pick<Wrong, 'level' | 'expected' | 'actual'> & { readonly kind: string }
  readonly answer: string
  readonly state: string
}

/** So many findings that differ only in what was expected are told apart. */
const MOST_ALIKE = 8

/** What never shows again is not looked for more often. */
const MOST_INQUESTS = 3

interface Doubt {
  readonly symptom: Symptom
  times: number
  inquests: number
}

type Kept = FuzzFinding & { times: number }

/** The distinct findings of a campaign, and what was seen but not again. */
export class Findings {
  readonly #all: Kept[] = []
  readonly #byKey = new Map<string, Kept>()
  readonly #byKin = new Map<string, Kept[]>()
  readonly #doubts = new Map<string, Doubt>()

  get all(): readonly FuzzFinding[] {
    return this.#all
  }

  get doubts(): FuzzDoubt[] {
    return [...this.#doubts.values()].map(({ symptom: { cell, wrong, answer }, times }) => ({
      cell: { requestClass: cell.requestClass, element: cell.element, breakage: cell.breakage },
      kind: wrong.kind,
      expected: wrong.expected,
      actual: wrong.actual,
      answer,
      times,
    }))
  }

  /** Counts what is known already. @returns whether an inquest into it would be in vain */
  isKnown(symptom: Symptom): boolean {
    const finding = this.#byKey.get(keyOf(symptom)) ?? this.#explained(symptom)
    if (finding) {
      finding.times += 1
      return true
    }
    const doubt = this.#doubts.get(keyOf(symptom))
    if (doubt === undefined || doubt.inquests < MOST_INQUESTS) return false
    doubt.times += 1
    return true
  }

  /** Keeps in mind what is about to be looked into, until it is confirmed: a device that does not survive the inquest leaves that much. */
  doubt(symptom: Symptom): void {
    const doubt = this.#doubts.get(keyOf(symptom)) ?? { symptom, times: 0, inquests: 0 }
    doubt.times += 1
    doubt.inquests += 1
    this.#doubts.set(keyOf(symptom), doubt)
  }

  /** Whether the smallest form of what was seen is a finding already; if so it is counted. */
  folds(seen: Symptom, shrunk: Symptom): boolean {
    const finding = this.#byKey.get(keyOf(shrunk)) ?? this.#explained(shrunk)
    if (finding) this.#keep(finding, seen)
    return finding !== undefined
  }

  add(finding: Omit<FuzzFinding, 'times'>, seen: Symptom, shrunk: Symptom): void {
    const kept: Kept = { ...finding, times: 0 }
    this.#all.push(kept)
    this.#byKey.set(keyOf(shrunk), kept)
    this.#byKin.set(kinOf(shrunk), [...(this.#byKin.get(kinOf(shrunk)) ?? []), kept])
    this.#keep(kept, seen)
  }

  #keep(finding: Kept, seen: Symptom): void {
    const key = keyOf(seen)
    finding.times += this.#doubts.get(key)?.times ?? 0
    this.#doubts.delete(key)
    this.#byKey.set(key, finding)
  }

  /** Where several things are broken at once, what one of them alone brings about explains it. */
  #explained(symptom: Symptom): Kept | undefined {
    const kin = this.#byKin.get(kinOf(symptom)) ?? []
    return symptom.cell.breakage.includes(' + ') || kin.length >= MOST_ALIKE ? kin[0] : undefined
  }
}

/** Same request class, same answer, same kind, same state; what a device said in the moment of its end is a matter of chance. */
function kinOf({ cell, wrong, answer, state }: Symptom): string {
  const said = wrong.kind === 'crash' ? '' : answer
  return JSON.stringify([cell.requestClass, wrong.kind, wrong.level, said, state])
}

/** A wrong answer is another finding where another answer was due: 9002 for 9005 and 9002 for 9003 have two causes. */
export function keyOf(symptom: Symptom): string {
  const { kind, expected } = symptom.wrong
  return kind === 'answer' ? `${kinOf(symptom)} ${JSON.stringify(expected)}` : kinOf(symptom)
}
