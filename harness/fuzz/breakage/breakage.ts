/** Languages made of a proper message and named ways to break it. The public face of this folder. */
export type { Breakage, BrokenMessage, Change } from './broken-message.ts'
export { BreakageLanguage } from './language.ts'
