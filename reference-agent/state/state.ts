/** Public face of state/. */
export { lockStateDirectory, StateDirectoryInUse } from './lock.ts'
export { FileStateStore, type StateStore } from './store.ts'
