/** Public face of software-modules/. */
export type { DuOperation } from './operation.ts'
export { SoftwareModules } from './service.ts'
