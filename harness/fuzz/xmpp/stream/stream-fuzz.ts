/** Fuzzing of streams. The public face of this folder. */
export { StreamArena } from './arena.ts'
export { streamBench } from './bench.ts'
export { streamLanguage } from './language.ts'
