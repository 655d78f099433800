/** Public face of harness/dut. */
export type { Dut } from './device.ts'
export {
  type Ics,
  type IcsName,
  icsItems,
  icsNames,
  type MandatoryItem,
  mandatoryItemsAnsweredNo,
} from './ics.ts'
export { JsonSyntaxError, parseJson } from './json.ts'
export { type DraftBasis, loadDraftBasis, loadProfile } from './load-profile.ts'
/** What adapters outside of this repository are typed with. @public */
export type { CreateDut, DutContext } from './module-adapter.ts'
export { makeStateDir, openDut, removeStateDir } from './open-dut.ts'
/** What adapters outside of this repository are typed with. @public */
export type { Ability, ClientCertificate, DhcpOffer, DutOperations, Provisioning } from './operations.ts'
export { ProcessGroup } from './process-group.ts'
export { type Profile, profileJsonSchema } from './profile.ts'
export { issueLines, ProfileError } from './profile-error.ts'
export { BROKEN_AGENTS, type DeviceNetwork, ReferenceAdapter, referenceProgram } from './reference-adapter.ts'
export { referenceProfile } from './reference-profile.ts'
export { secretsOf } from './secrets.ts'
export { type AdapterCheck, selfCheck } from './self-check.ts'
export { hasTerminal } from './terminal.ts'
