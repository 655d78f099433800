/** Public face of this folder. */
export { applyWaivers, withoutWaivers } from './judge.ts'
export { readWaivers, WaiverError } from './waiver-file.ts'
