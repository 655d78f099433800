/** Fuzzing with stanzas. The public face of this folder. */
export type { FuzzTarget } from './arbitraries.ts'
export { type FuzzPeers, fuzzStanzas, type Sending } from './run.ts'
export { SessionCounter } from './session-counter.ts'
