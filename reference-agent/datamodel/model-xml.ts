/** The agent's data model as a document in the DM schema of the Broadband Forum, for whoever wants to know what this device has. */
import type { Bounds, ObjectDefinition, ParameterDefinition } from './definitions.ts'
import { type TypeName, typeOf } from './types.ts'

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const HEX = '[0-9A-Fa-f]'

/** What the named types narrow their base to, in facets. */
const NAMED_TYPES: Partial<Record<TypeName, string>> = {
  Alias: `<string>${size(null, 64)}${pattern('[A-Za-z].*')}</string>`,
  IPAddress: `<string>${size(null, 45)}</string>`,
  IPv4Address: `<string>${size(null, 15)}${pattern('')}${pattern(`(${OCTET}\\.){3}${OCTET}`)}</string>`,
  IPv6Address: `<string>${size(null, 45)}${pattern('')}${pattern(`${HEX}*:[0-9A-Fa-f:.]*`)}</string>`,
  MACAddress: `<string>${size(null, 17)}${pattern('')}${pattern(`(${HEX}{2}:){5}${HEX}{2}`)}</string>`,
  StatsCounter32: '<unsignedInt/>',
  StatsCounter64: '<unsignedLong/>',
  URL: `<string>${size(null, 2048)}</string>`,
  UUID: `<string>${size(36, 36)}${pattern(`${HEX}{8}(-${HEX}{4}){3}-${HEX}{12}`)}</string>`,
}

/** What the ACS cannot do without on any device; a profile of this agent. */
const CORE: Readonly<Record<string, readonly string[]>> = {
  'Device.': ['RootDataModelVersion'],
  'Device.DeviceInfo.': [
    'Manufacturer',
    'ManufacturerOUI',
    'SerialNumber',
    'HardwareVersion',
    'SoftwareVersion',
    'ProvisioningCode',
  ],
  'Device.ManagementServer.': ['URL', 'ParameterKey', 'ConnectionRequestURL', 'PeriodicInformInterval'],
}

/** What the standard once had and has no longer; no device has it, and the document says so. */
const DELETED: Readonly<Record<string, readonly string[]>> = {
  'Device.WiFi.AccessPoint.{i}.': ['MaxAssociatedDevices', 'RetryLimit'],
}

/** The document, with a line for each parameter. */
export function modelXml(definitions: readonly ObjectDefinition[], name: string): string {
  const types = Object.entries(NAMED_TYPES).map(
    ([type, facets]) => `<dataType name="${type}">${facets}</dataType>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- What the reference agent of this project has. Written by reference-agent/datamodel/model-xml.ts. -->
<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-7" spec="urn:example:reference-cpe" file="reference-data-model.xml">
${types.join('\n')}
<model name="${name}">
${definitions.map((each) => objectXml(each, definitions)).join('\n')}
${coreProfile(definitions)}
</model>
</dm:document>
`
}

function objectXml(definition: ObjectDefinition, all: readonly ObjectDefinition[]): string {
  const { path, parameters, numEntriesParameter, enableParameter, uniqueKeys = [] } = definition
  const isTable = path.endsWith('{i}.')
  const most = definition.maxEntries ?? 'unbounded'
  const attributes = {
    name: path,
    access: definition.access ?? 'readOnly',
    minEntries: isTable ? fixedRows(definition) : 1,
    maxEntries: isTable ? most : 1,
    numEntriesParameter,
    enableParameter,
  }
  const keys = uniqueKeys.map(
    (key) =>
      `  <uniqueKey functional="${key.functional ?? false}">${key.parameters.map((ref) => `<parameter ref="${ref}"/>`).join('')}</uniqueKey>`,
  )
  const counters = all
    .filter((other) => other.path.endsWith('{i}.') && parentOf(other.path) === path)
    .map(({ numEntriesParameter }) => numEntriesParameter ?? '')
    .filter((counter) => !Object.hasOwn(parameters, counter))
    .map((counter) => parameterXml(counter, { type: 'unsignedInt' }, isTable))
  const own = Object.entries(parameters).map(([each, parameter]) =>
    parameterXml(each, parameter, path.includes('{i}')),
  )
  const deleted = (DELETED[path] ?? []).map(
    (each) =>
      `  <parameter name="${each}" access="readWrite" status="deleted"><syntax><unsignedInt/></syntax></parameter>`,
  )
  return [`<object${written(attributes)}>`, ...keys, ...own, ...counters, ...deleted, '</object>'].join('\n')
}

/** Rows that a table has for certain: those from the factory, where nobody can delete them. */
function fixedRows({ access, rows = [] }: ObjectDefinition): number {
  return access === undefined ? rows.filter((row) => row.in === undefined).length : 0
}

/** The object in which a table stands. */
function parentOf(table: string): string {
  return table.replace(/[^.]+\.\{i\}\.$/, '')
}

function parameterXml(name: string, definition: ParameterDefinition, isInRow: boolean): string {
  const { access = 'readOnly', activeNotify, forcedInform, hidden, trigger } = definition
  const syntax = [listXml(definition), typeXml(definition), defaultXml(definition, isInRow)].join('')
  const attributes = written({ name, access, activeNotify, forcedInform })
  return `  <parameter${attributes}><syntax${written(hidden && trigger ? { command: true } : { hidden })}>${syntax}</syntax></parameter>`
}

function listXml({ list }: ParameterDefinition): string {
  if (!list) return ''
  const [minItems, maxItems] = list.items ?? []
  const attributes = written({ minItems: minItems ?? undefined, maxItems: maxItems ?? undefined })
  return list.length ? `<list${attributes}>${size(...list.length)}</list>` : `<list${attributes}/>`
}

function typeXml(definition: ParameterDefinition): string {
  const {
    type,
    length = [],
    range = [],
    enumeration = [],
    reserved = [],
    patterns = [],
    pathRef,
    enumerationRef,
  } = definition
  const facets = [
    ...length.map((bounds) => size(...bounds)),
    ...range.map(([minInclusive, maxInclusive]) => {
      const bounds = { minInclusive: minInclusive ?? undefined, maxInclusive: maxInclusive ?? undefined }
      return `<range${written(bounds)}/>`
    }),
    ...enumeration.map((value) => {
      const access = reserved.includes(value) ? 'readOnly' : undefined
      return `<enumeration${written({ value, access })}/>`
    }),
    ...patterns.map(pattern),
    ...(pathRef
      ? [
          `<pathRef${written({
            refType: pathRef.refType,
            targetParent: pathRef.targetParent?.join(' '),
            targetType: pathRef.targetType,
          })}/>`,
        ]
      : []),
    ...(enumerationRef ? [`<enumerationRef${written({ ...enumerationRef })}/>`] : []),
  ].join('')
  const isNamed = type !== typeOf(type).base
  const element = isNamed ? 'dataType' : type
  const start = isNamed ? `dataType ${facets === '' ? 'ref' : 'base'}="${type}"` : type
  return facets === '' ? `<${start}/>` : `<${start}>${facets}</${element}>`
}

/** What a fresh row has, or the device after a factory reset; a value made of the row's number is nothing to state. */
function defaultXml({ default: value, hidden }: ParameterDefinition, isInRow: boolean): string {
  if (value === undefined || hidden || value.includes('{i}')) return ''
  return `<default type="${isInRow ? 'object' : 'factory'}" value="${escaped(value)}"/>`
}

function coreProfile(definitions: readonly ObjectDefinition[]): string {
  const objects = Object.entries(CORE).map(([path, names]) => {
    const parameters = definitions.find((each) => each.path === path)?.parameters ?? {}
    const required = names
      .filter((name) => Object.hasOwn(parameters, name))
      .map((name) => `<parameter ref="${name}" requirement="${parameters[name]?.access ?? 'readOnly'}"/>`)
    return `  <object ref="${path}" requirement="present">${required.join('')}</object>`
  })
  return ['<profile name="X_CONFORMANCE_Core:1">', ...objects, '</profile>'].join('\n')
}

function size(...[minLength, maxLength]: Bounds): string {
  return `<size${written({ minLength: minLength || undefined, maxLength: maxLength ?? undefined })}/>`
}

function pattern(value: string): string {
  return `<pattern value="${escaped(value)}"/>`
}

/** Attributes that are there, in their order. */
function written(attributes: Readonly<Record<string, string | number | boolean | undefined>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
