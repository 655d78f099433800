/** Fuzzing with stanzas. The public face of this folder. */
export type { FuzzTarget } from './arbitraries.ts'
export { StanzaArena } from './arena.ts'
export { stanzaLanguage } from './language.ts'
export { fuzzPeers } from './peers.ts'
export { SessionCounter } from './session-counter.ts'
export type { FuzzPeers, Sending } from './trials.ts'
