import type { UniversalRecord } from './universal-record.ts'
import type { XmlElement } from './xml.ts'

/** One EventStruct of an Inform. */
interface Event {
  code: string
  key: string
  element: XmlElement
}

/** Codes of Table 8, by their number. */
const STANDARD_EVENTS = [
  '0 BOOTSTRAP',
  '1 BOOT',
  '2 PERIODIC',
  '3 SCHEDULED',
  '4 VALUE CHANGE',
  '5 KICKED',
  '6 CONNECTION REQUEST',
  '7 TRANSFER COMPLETE',
  '8 DIAGNOSTICS COMPLETE',
  '9 REQUEST DOWNLOAD',
  '10 AUTONOMOUS TRANSFER COMPLETE',
  '11 DU STATE CHANGE COMPLETE',
  '12 AUTONOMOUS DU STATE CHANGE COMPLETE',
  '13 WAKEUP',
  '14 HEARTBEAT',
]

/** The single event that each multiple one comes with. */
const COMPANIONS: Readonly<Record<string, string>> = {
  'M Reboot': '1 BOOT',
  'M ScheduleInform': '3 SCHEDULED',
  'M Download': '7 TRANSFER COMPLETE',
  'M ScheduleDownload': '7 TRANSFER COMPLETE',
  'M Upload': '7 TRANSFER COMPLETE',
  'M ChangeDUState': '11 DU STATE CHANGE COMPLETE',
}

/** Holds the events of one Inform against 3.7.1.5. */
export function checkEvents(events: readonly Event[], body: XmlElement, record: UniversalRecord): void {
  const codes = events.map(({ code }) => code)
  record.held('UNI-EVENT-002')
  record.held('UNI-EVENT-003')
  record.held('UNI-EVENT-004')
  record.held('UNI-EVENT-005')
  events.forEach(({ code, key, element }, index) => {
    checkSpelling(code, element, record)
    const isMultiple = code.startsWith('M ')
    if (!isMultiple && !code.startsWith('X ')) {
      if (codes.indexOf(code) !== index) {
        record.violated('UNI-EVENT-003', `${code} at most once`, 'it again', element)
      }
      if (key !== '') {
        record.violated('UNI-EVENT-004', `an empty CommandKey with ${code}`, JSON.stringify(key), element)
      }
    }
    if (key.length > 32) {
      record.violated('UNI-EVENT-005', 'a CommandKey of at most 32 characters', `${key.length}`, element)
    }
  })
  checkCompanions(codes, body, record)
  if (codes.includes('14 HEARTBEAT')) {
    record.expect('UNI-EVENT-009', codes.length === 1, '14 HEARTBEAT alone', codes.join(', '), body)
  }
}

/** The number of a standard event stands for its name; an M event names a method. */
function checkSpelling(code: string, element: XmlElement, record: UniversalRecord): void {
  const number = /^(\d+)(\s|$)/.exec(code)?.[1]
  const standard = number === undefined ? undefined : STANDARD_EVENTS[Number(number)]
  if (standard !== undefined) {
    if (code !== standard) record.violated('UNI-EVENT-002', standard, JSON.stringify(code), element)
    return
  }
  record.held('UNI-EVENT-008')
  if (Object.hasOwn(COMPANIONS, code) || /^M X_\S+$/.test(code) || /^X \S+ \S/.test(code)) return
  record.violated('UNI-EVENT-008', 'an event of the standard or of a vendor', JSON.stringify(code), element)
}

function checkCompanions(codes: readonly string[], body: XmlElement, record: UniversalRecord): void {
  for (const [multiple, single] of Object.entries(COMPANIONS)) {
    if (!codes.includes(multiple)) continue
    record.expect(
      'UNI-EVENT-006',
      codes.includes(single),
      `${single} with ${multiple}`,
      codes.join(', '),
      body,
    )
  }
  for (const single of new Set(Object.values(COMPANIONS))) {
    // A boot has many causes, the other single events only those of their companions.
    if (single === '1 BOOT' || !codes.includes(single)) continue
    const causes = Object.keys(COMPANIONS).filter((multiple) => COMPANIONS[multiple] === single)
    const hasCause = causes.some((multiple) => codes.includes(multiple))
    record.expect('UNI-EVENT-007', hasCause, `${single} with ${causes.join(' or ')}`, codes.join(', '), body)
  }
}
