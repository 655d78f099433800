/** Public face of datamodel/: data model files of the Broadband Forum, what they say about values, and values to write. */
export { badValue, otherValue } from './candidates.ts'
export { allowedTypes, isLexically, typeNamed } from './data-types.ts'
export { isAllowed, itemsOf, type Rule, restricts, violation } from './judge.ts'
export { type DataModel, modelPath, type ParameterModel } from './model.ts'
export { readDataModel } from './read-file.ts'
export { resolvePath } from './references.ts'
export { DataModelError } from './xml-tree.ts'
