import { readFileSync } from 'node:fs'
import type { Ability } from '../../dut/dut.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { StatefulArena } from './arena.ts'
import type { CommandKind, WayToCall } from './commands.ts'
import { type Caller, DeviceLine } from './device-line.ts'
import { groundsOf } from './grounds.ts'
import { StatefulLanguage } from './language.ts'

/** Public face of this folder. */

/** Ways to call a device besides HTTP. */
export type Callers = Readonly<Partial<Record<Exclude<WayToCall, 'http'>, Caller>>>

/** What a stateful campaign needs. */
export interface Stateful {
  readonly language: StatefulLanguage
  readonly arena: StatefulArena
}

/**
 * Brings the device into the state in which scripts begin, and returns the language of scripts for it.
 * @param kinds what the scripts are made of; everything that the device can be given unless said
 * @param callers ways to call the device besides HTTP
 * @throws HarnessError when a port is taken
 */
export async function openStateful(
  cpe: TestBed,
  name: string,
  signal: AbortSignal,
  {
    kinds,
    callers = {},
  }: {
    readonly kinds?: readonly CommandKind[]
    readonly callers?: Callers
  } = {},
): Promise<Stateful> {
  const { profile, dut } = cpe
  const ways: WayToCall[] = [
    ...(profile.ics.HttpConnectionRequest ? (['http'] as const) : []),
    ...(Object.keys(callers) as WayToCall[]),
  ]
  // With a reset the device would forget how else it can be called.
  const isKept = Object.keys(callers).length > 0
  const supports = (ability: Ability) => dut.supports(ability) && !(isKept && ability === 'factoryReset')
  const grounds = groundsOf(profile, { ways, supports })
  const { ordinary } = profile.pixit.files
  const octets =
    ordinary && (ordinary.file === undefined ? Buffer.from(ordinary.text ?? '') : readFileSync(ordinary.file))
  const line = await DeviceLine.open(cpe, callers, octets)
  try {
    const arena = await StatefulArena.open(cpe, line, grounds, signal)
    return { language: new StatefulLanguage(name, grounds, kinds), arena }
  } catch (error) {
    await line.close()
    throw error
  }
}
