/** Public face of platform/. */

export { BatteryClock } from './battery-clock.ts'
export { type Clock, localDateTime, SystemClock, type Timer } from './clock.ts'
export { guarded, guardedClock } from './guarded-clock.ts'
export { readInputFile, UnreadableFile } from './input-file.ts'
export { JsonMistake, lineOfValue, parseJson } from './json-text.ts'
export { LOG_LEVELS, Log, type LogLevel, type LogWriter } from './log.ts'
export { LogFile } from './log-file.ts'
export { type Random, systemRandom } from './random.ts'
export { firstCharacters } from './text.ts'
