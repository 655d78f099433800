import type { Breakage } from '../breakage.ts'
import type { Part } from '../stream-case.ts'
import { bindingBreakages } from './binding.ts'
import { endingBreakages } from './endings.ts'
import { featureBreakages } from './features.ts'
import { headerBreakages } from './header.ts'
import { loginBreakages } from './login.ts'
import { octetBreakages } from './octets.ts'

/** Everything that can be wrong with what a server sends; what there are passwords to lose with comes first, what there is most of last. */
export const breakages: readonly Breakage[] = [
  ...loginBreakages,
  ...featureBreakages,
  ...bindingBreakages,
  ...headerBreakages,
  ...endingBreakages,
  ...octetBreakages,
]

const byName = new Map(breakages.map((breakage) => [breakage.name, breakage]))

/** @throws Error for a part that names no breakage */
export function breakageOf({ name }: Pick<Part, 'name'>): Breakage {
  const breakage = byName.get(name)
  if (!breakage) throw new Error(`there is no breakage "${name}"`)
  return breakage
}
