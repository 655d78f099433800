/** Fuzzing with SOAP requests. The public face of this folder. */
export { SoapArena } from './arena.ts'
export { soapLanguage } from './language.ts'
