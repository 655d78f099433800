/** Public face of harness/dut. */
export type { Dut } from './device.ts'
export { loadProfile } from './load-profile.ts'
export type { CreateDut, DutContext } from './module-adapter.ts'
export { makeStateDir, openDut, removeStateDir } from './open-dut.ts'
export type { Ability, DutOperations, Provisioning } from './operations.ts'
export { type Profile, profileJsonSchema } from './profile.ts'
export { ProfileError } from './profile-error.ts'
export { type AdapterCheck, type AdapterFinding, selfCheck } from './self-check.ts'
