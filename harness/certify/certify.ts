/** Public face of this folder. */
export { type Bundle, sealBundle } from './bundle.ts'
export { type Certification, prepareCertification, refusalAfter, refuseIncomplete } from './refusals.ts'
export { BundleError } from './sums.ts'
