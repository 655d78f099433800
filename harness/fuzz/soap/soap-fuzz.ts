/** Fuzzing with SOAP requests. The public face of this folder. */
export { SoapArena } from './arena.ts'
export type { SoapCase } from './case.ts'
export { soapLanguage } from './language.ts'
export { render } from './render.ts'
export type { SoapTarget } from './target.ts'
