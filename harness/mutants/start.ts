import { fileURLToPath } from 'node:url'
import type { DeviceNetwork, Profile } from '../dut/dut.ts'
import { TestBed } from '../testbed/testbed.ts'
import { adapterMutants } from './adapter/broken-adapter.ts'
import { icsOfMutant } from './statement.ts'

/** A test bed with the broken agent, or the broken adapter, of that name. */
export function startMutant(profile: Profile, name: string, network?: DeviceNetwork): Promise<TestBed> {
  if (!adapterMutants.some((mutant) => mutant.name === name))
    return TestBed.start({ ...profile, ics: icsOfMutant(profile.ics, name) }, name, network)
  const file = fileURLToPath(new URL('adapter/broken-adapter.ts', import.meta.url))
  return TestBed.start({ ...profile, adapter: { kind: 'module', file, options: { mutant: name } } })
}
