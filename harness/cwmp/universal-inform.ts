import type { Envelope } from './envelope.ts'
import { checkEvents } from './universal-events.ts'
import type { UniversalRecord } from './universal-record.ts'
import { child, childText, type XmlElement } from './xml.ts'

/** Forced in every root data model, below `Device.` or `InternetGatewayDevice.`. */
const FORCED_EVERYWHERE = [
  'DeviceInfo.HardwareVersion',
  'DeviceInfo.SoftwareVersion',
  'DeviceInfo.ProvisioningCode',
  'ManagementServer.ParameterKey',
  'ManagementServer.ConnectionRequestURL',
]
/** Forced in Device:2 since its version 2.4, which nothing else in an Inform tells. */
const ROOT_VERSION = 'RootDataModelVersion'
const FORCED_IN_OLD_MODELS = ['DeviceSummary', 'DeviceInfo.SpecVersion']

/** Forced where it is implemented at all. */
const FORCED_IF_ANY = 'ManagementServer.AliasBasedAddressing'

/** Forced in InternetGatewayDevice for the default connection. */
const EXTERNAL_ADDRESS = /\.WAN(IP|PPP)Connection\.[^.]+\.ExternalIPAddress$/

/** Those that every data model has of the parameters that read as the empty string, whatever they are. */
const HIDDEN =
  /^(?:Device|InternetGatewayDevice)\.ManagementServer\.(?:Password|ConnectionRequestPassword|STUNPassword)$/

const DATE_TIME = /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/**
 * Holds an Inform against what A.3.3.1 and 3.7.1.5 say of a single message. Reads the tree, so an incomplete Inform is judged, too.
 * @param wished whether the ACS has asked for more parameters in Informs (ManagementServer.InformParameter)
 */
export function checkInform(envelope: Envelope, record: UniversalRecord, wished = false): void {
  const { body } = envelope
  const envelopes = childText(body, 'MaxEnvelopes')?.trim()
  record.expect('UNI-INFORM-001', Number(envelopes) === 1, 'MaxEnvelopes 1', envelopes ?? 'none', body)
  checkCurrentTime(body, record)
  const events = entries(body, 'Event', 'EventStruct').map((event) => ({
    code: childText(event, 'EventCode') ?? '',
    key: childText(event, 'CommandKey') ?? '',
    element: event,
  }))
  // What a retry would tell may have been delivered by the session that failed later (3.7.1.5).
  if (Number(childText(body, 'RetryCount')) > 0) record.held('UNI-EVENT-001')
  else record.expect('UNI-EVENT-001', events.length > 0, 'at least one event', 'none', body)
  checkEvents(events, body, record)
  const mayHoldMore = wished || events.some(({ code }) => code === '4 VALUE CHANGE')
  // CWMP 1.4 is two years younger than Device:2.4: who speaks that has no older model.
  const isRecent = envelope.supportedCwmpVersions?.includes('1.4') === true
  const parameters = entries(body, 'ParameterList', 'ParameterValueStruct')
  checkParameters(parameters, { mayHoldMore, isRecent }, body, record)
}

function entries(body: XmlElement, list: string, member: string): XmlElement[] {
  return (child(body, list)?.children ?? []).filter(({ name }) => name === member)
}

function checkCurrentTime(body: XmlElement, record: UniversalRecord): void {
  const element = child(body, 'CurrentTime')
  const time = element?.text.trim() ?? ''
  const match = DATE_TIME.exec(time)
  record.expect(
    'UNI-INFORM-002',
    match !== null,
    'CurrentTime as an ISO 8601 date and time',
    time || 'nothing',
    element,
  )
  if (match) {
    record.expect('UNI-INFORM-003', match[2] !== undefined, 'CurrentTime with Z or an offset', time, element)
  }
}

function checkParameters(
  parameters: XmlElement[],
  { mayHoldMore, isRecent }: { mayHoldMore: boolean; isRecent: boolean },
  body: XmlElement,
  record: UniversalRecord,
): void {
  const names = parameters.map((parameter) => childText(parameter, 'Name') ?? '')
  const given = new Set(names)
  const root = names.some((name) => name.startsWith('InternetGatewayDevice.'))
    ? 'InternetGatewayDevice.'
    : 'Device.'
  const isOld = root === 'InternetGatewayDevice.' || given.has('Device.DeviceSummary')
  const forced = [...(isOld ? FORCED_IN_OLD_MODELS : [ROOT_VERSION]), ...FORCED_EVERYWHERE].map(
    (name) => root + name,
  )
  const mayLack = isOld || isRecent ? undefined : root + ROOT_VERSION
  const absent = forced.filter((name) => !given.has(name) && name !== mayLack)
  record.expect(
    'UNI-INFORM-004',
    absent.length === 0,
    'every forced parameter',
    `none of ${absent.join(', ')}`,
    body,
  )
  if (root === 'InternetGatewayDevice.') {
    const hasAddress = names.some((name) => EXTERNAL_ADDRESS.test(name))
    record.expect(
      'UNI-INFORM-005',
      hasAddress,
      'ExternalIPAddress of the default WAN connection',
      'none',
      body,
    )
  }
  if (!isOld) {
    const name = root + ROOT_VERSION
    record.expect(
      'UNI-INFORM-009',
      given.has(name),
      `${name}, unless the model is older than 2.4`,
      'none',
      body,
    )
  }
  const told = parameters.find(
    (parameter) =>
      HIDDEN.test(childText(parameter, 'Name') ?? '') && (childText(parameter, 'Value') ?? '').trim() !== '',
  )
  record.expect(
    'UNI-INFORM-010',
    told === undefined,
    'no value of a hidden parameter',
    `a value of ${told && childText(told, 'Name')}`,
    told ?? body,
  )
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  record.expect(
    'UNI-INFORM-006',
    twice === undefined,
    'every parameter once',
    `${twice} more than once`,
    body,
  )
  const partial = names.find((name) => name === '' || name.endsWith('.') || name.includes('{i}'))
  record.expect(
    'UNI-INFORM-007',
    partial === undefined,
    'full parameter names',
    JSON.stringify(partial),
    body,
  )
  if (!mayHoldMore) {
    const expected = new Set([...forced, root + FORCED_IF_ANY])
    const more = names.filter((name) => !expected.has(name) && !EXTERNAL_ADDRESS.test(name))
    const got = `${more.slice(0, 5).join(', ')} without 4 VALUE CHANGE`
    record.expect('UNI-INFORM-008', more.length === 0, 'only forced and changed parameters', got, body)
  }
}
