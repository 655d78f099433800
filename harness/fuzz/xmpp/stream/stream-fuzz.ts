/** Fuzzing of streams. The public face of this folder. */
export { StreamArena, type StreamBench } from './arena.ts'
export { streamLanguage } from './language.ts'
export type { StreamStage } from './stream-case.ts'
