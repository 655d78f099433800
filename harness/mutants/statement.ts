import type { Profile } from '../dut/dut.ts'

/**
 * Methods that the statement of a mutant denies, although the reference agent has them: cases about methods that a device does not have would
 * have nothing to ask otherwise. The mutant does not have them, unless that is what is wrong with it.
 */
const DENIED: Readonly<Record<string, readonly (keyof Profile['ics'])[]>> = {
  'grm-lists-a-fixed-table': ['SetVouchers', 'GetOptions'],
  'grm-denies-unknown-methods': ['SetVouchers', 'GetOptions'],
  'grm-acknowledges-unknown-methods': ['SetVouchers', 'GetOptions'],
  'ics-has-denied-methods': ['SetVouchers', 'GetOptions'],
}

/** The statement of a mutant, or of the reference agent itself when there is none. */
export function icsOfMutant(ics: Profile['ics'], mutant: string | undefined): Profile['ics'] {
  const denied = mutant === undefined ? [] : (DENIED[mutant] ?? [])
  return { ...ics, ...Object.fromEntries(denied.map((item) => [item, false] as const)) }
}
