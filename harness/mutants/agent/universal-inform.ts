import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterFaults, alterInforms } from './alter/wire.ts'
import { alterFault } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const event = (code: string, key = '') =>
  `<EventStruct><EventCode>${code}</EventCode><CommandKey>${key}</CommandKey></EventStruct>`

/** Changes the list of events, and the number in its arrayType with it. */
function events(xml: string, alter: (list: string) => string): string {
  return xml.replace(/<Event ([^>]*)\[\d+\]">(.*?)<\/Event>/s, (_, start, list) => {
    const altered = alter(list)
    return `<Event ${start}[${altered.split('<EventStruct>').length - 1}]">${altered}</Event>`
  })
}

/** Adds a parameter to the Inform. */
function parameter(xml: string, name: string): string {
  return xml.replace(/<ParameterList ([^>]*)\[(\d+)\]">/, (_, start, count) => {
    const entry = `<ParameterValueStruct><Name>${name}</Name><Value xsi:type="xsd:string">x</Value></ParameterValueStruct>`
    return `<ParameterList ${start}[${Number(count) + 1}]">${entry}`
  })
}

const called = '6 CONNECTION REQUEST'

export const mutants: readonly Mutant[] = [
  {
    name: 'uni-inform-two-envelopes',
    cases: ['UNI-INFORM-001'],
    breaks: 'says that it takes two envelopes',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('<MaxEnvelopes>1', '<MaxEnvelopes>2')),
  },
  {
    name: 'uni-inform-unix-time',
    cases: ['UNI-INFORM-002'],
    breaks: 'writes CurrentTime as seconds since 1970',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/<CurrentTime>[^<]*/, '<CurrentTime>1704110400')),
  },
  {
    name: 'uni-inform-no-zone',
    cases: ['UNI-INFORM-003'],
    breaks: 'writes CurrentTime without a time zone',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/(<CurrentTime>[^<]*?)(Z|[+-]\d\d:\d\d)</, '$1<')),
  },
  {
    name: 'uni-inform-without-hardware-version',
    cases: ['UNI-INFORM-004'],
    breaks: 'leaves HardwareVersion out of the Inform',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace('Device.DeviceInfo.HardwareVersion', 'Device.DeviceInfo.ModelNumber'),
      ),
  },
  {
    name: 'uni-inform-without-root-version',
    cases: ['UNI-INFORM-009'],
    breaks: 'leaves RootDataModelVersion out of the Inform, and says nothing of CWMP 1.4',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml
          .replace(/<cwmp:SupportedCWMPVersions.*?<\/cwmp:SupportedCWMPVersions>/, '')
          .replace('Device.RootDataModelVersion', 'Device.DeviceInfo.ModelNumber'),
      ),
  },
  {
    name: 'uni-inform-with-password',
    cases: ['UNI-INFORM-010'],
    breaks: 'tells its ACS password in the Inform',
    apply: (parts) => alterInforms(parts, (xml) => parameter(xml, 'Device.ManagementServer.Password')),
  },
  {
    name: 'uni-inform-old-root',
    cases: ['UNI-INFORM-005'],
    breaks: 'calls its root InternetGatewayDevice and has no ExternalIPAddress in the Inform',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes(called) ? xml.replaceAll('<Name>Device.', '<Name>InternetGatewayDevice.') : xml,
      ),
  },
  {
    name: 'uni-inform-parameter-twice',
    cases: ['UNI-INFORM-006'],
    breaks: 'has a forced parameter twice in the Inform',
    apply: (parts) => alterInforms(parts, (xml) => parameter(xml, 'Device.DeviceInfo.SoftwareVersion')),
  },
  {
    name: 'uni-inform-partial-path',
    cases: ['UNI-INFORM-007'],
    breaks: 'names an object in the Inform',
    apply: (parts) => alterInforms(parts, (xml) => parameter(xml, 'Device.DeviceInfo.')),
  },
  {
    name: 'uni-inform-talkative',
    cases: ['UNI-INFORM-008'],
    breaks: 'has parameters in the Inform that nobody asked for',
    apply: (parts) => alterInforms(parts, (xml) => parameter(xml, 'Device.DeviceInfo.UpTime')),
  },
  {
    name: 'uni-inform-without-events',
    cases: ['UNI-EVENT-001'],
    breaks: 'tells no event after a connection request',
    apply: (parts) => alterInforms(parts, (xml) => (xml.includes(called) ? events(xml, () => '') : xml)),
  },
  {
    name: 'uni-inform-event-in-small-letters',
    cases: ['UNI-EVENT-002'],
    breaks: 'writes events in small letters',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace(called, '6 Connection Request')),
  },
  {
    name: 'uni-inform-event-twice',
    cases: ['UNI-EVENT-003'],
    breaks: 'tells 6 CONNECTION REQUEST twice',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes(called) ? events(xml, (list) => list + event(called)) : xml,
      ),
  },
  {
    name: 'uni-inform-key-of-nothing',
    cases: ['UNI-EVENT-004'],
    breaks: 'gives 6 CONNECTION REQUEST a CommandKey',
    apply: (parts) =>
      alterInforms(parts, (xml) => (xml.includes(called) ? events(xml, () => event(called, 'key')) : xml)),
  },
  {
    name: 'uni-inform-long-key',
    cases: ['UNI-EVENT-005'],
    breaks: 'returns a CommandKey with something added, longer than 32 characters',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace('conversation</CommandKey>', `conversation${'x'.repeat(30)}</CommandKey>`),
      ),
  },
  {
    name: 'uni-inform-reboot-alone',
    cases: ['UNI-EVENT-006'],
    breaks: 'tells M Reboot without 1 BOOT',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes('M Reboot') ? events(xml, () => event('M Reboot', 'conversation')) : xml,
      ),
  },
  {
    name: 'uni-inform-transfer-without-method',
    cases: ['UNI-EVENT-007'],
    breaks: 'tells 7 TRANSFER COMPLETE without the method that caused it',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes(called) ? events(xml, (list) => list + event('7 TRANSFER COMPLETE')) : xml,
      ),
  },
  {
    name: 'uni-inform-invented-event',
    cases: ['UNI-EVENT-008'],
    breaks: 'tells an event that is not defined',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes(called) ? events(xml, (list) => list + event('77 WHATEVER')) : xml,
      ),
  },
  {
    name: 'uni-inform-heartbeat-with-others',
    cases: ['UNI-EVENT-009'],
    breaks: 'tells 14 HEARTBEAT beside another event',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes(called) ? events(xml, (list) => list + event('14 HEARTBEAT')) : xml,
      ),
  },
  {
    name: 'uni-fault-without-detail',
    cases: ['UNI-FAULT-001'],
    breaks: 'refuses by a SOAP fault without detail',
    apply: (parts) => alterFaults(parts, (xml) => xml.replace(/<detail>.*<\/detail>/s, '')),
  },
  {
    name: 'uni-fault-capital-letter',
    cases: ['UNI-FAULT-002'],
    breaks: 'says CWMP Fault as faultstring',
    apply: (parts) => alterFaults(parts, (xml) => xml.replace('CWMP fault', 'CWMP Fault')),
  },
  {
    name: 'uni-fault-always-server',
    cases: ['UNI-FAULT-003'],
    breaks: 'says Server as faultcode of every fault',
    apply: (parts) => alterFaults(parts, (xml) => xml.replace(/(<faultcode>[^<]*)Client/, '$1Server')),
  },
  {
    name: 'uni-fault-not-writable-when-reading',
    cases: ['UNI-FAULT-004'],
    breaks: 'answers GetParameterValues with fault 9008',
    apply: (parts) =>
      alterFaults(parts, (xml) =>
        xml.includes('SetParameterValuesFault') ? xml : xml.replace('<FaultCode>9005', '<FaultCode>9008'),
      ),
  },
  {
    name: 'uni-fault-of-another-method-to-schedule-download',
    cases: ['UNI-FAULT-005'],
    breaks: 'answers ScheduleDownload with fault 9009',
    apply: (parts) => alterFault(parts, 'ScheduleDownload', () => new CwmpFault(9009)),
  },
  {
    name: 'uni-fault-names-a-parameter-when-reading',
    cases: ['UNI-FAULT-006'],
    breaks: 'names a single parameter in fault 9005 of GetParameterValues',
    apply: (parts) =>
      alterFaults(parts, (xml) =>
        xml.includes('SetParameterValuesFault')
          ? xml
          : xml.replace(
              '</cwmp:Fault>',
              '<SetParameterValuesFault><ParameterName>Device.X</ParameterName><FaultCode>9005</FaultCode><FaultString>x</FaultString></SetParameterValuesFault></cwmp:Fault>',
            ),
      ),
  },
  {
    name: 'uni-fault-of-a-parameter-9003',
    cases: ['UNI-FAULT-007'],
    breaks: 'gives a single parameter fault 9003',
    apply: (parts) =>
      alterFaults(parts, (xml) =>
        xml.replace(/(<ParameterName>[^<]*<\/ParameterName><FaultCode>)9005/, (_, before) => `${before}9003`),
      ),
  },
]
