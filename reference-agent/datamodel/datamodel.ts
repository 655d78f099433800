/** Public face of datamodel/. */
export { hasWildcard } from './addressing.ts'
export type { AttributeChange, ParameterAttributes } from './attributes.ts'
export type { PendingChange } from './changes.ts'
export { loadObjectDefinitions } from './definition-file.ts'
export type { ObjectDefinition } from './definitions.ts'
export { device2 } from './device2/device2.ts'
export { checkDefinitions } from './factory.ts'
export { loadModelFile } from './model-file/model-file.ts'
export { isSentAtOnce, isToldLightweight, opensSession } from './notification-values.ts'
export {
  type ParameterChange,
  type ParameterName,
  ParameterTree,
  type ParameterValue,
} from './parameter-tree.ts'
export { Rules, type XsiType } from './rules.ts'
export { DefinitionError } from './schema.ts'
export type { Assignment } from './set-values.ts'
