/** Public face of harness/statement. */
export { icsItems, icsNames } from '../dut/ics.ts'
export { type Finding, findingsOf } from './signs.ts'
export { namesBelow, surveyDevice, valuesOf } from './survey.ts'
