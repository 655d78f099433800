import { alterResponse } from './alter/rpc.ts'
import { alterEnvelopes, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'inform-without-hardware-version',
    cases: ['INT-BIRTH-003'],
    breaks: 'leaves HardwareVersion out of its Informs',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(
          /<ParameterValueStruct>\s*<Name>[\w.]*DeviceInfo\.HardwareVersion<\/Name>.*?<\/ParameterValueStruct>/s,
          '',
        ),
      ),
  },
  {
    name: 'gpv-manufacturer-in-capitals',
    cases: ['INT-GET-001'],
    breaks: 'reads its Manufacturer otherwise than its Inform tells it',
    apply: (parts) =>
      alterResponse(parts, 'GetParameterValues', (xml) =>
        xml.replace(
          /(DeviceInfo\.Manufacturer<\/Name><Value[^>]*>)([^<]*)/,
          (_, before: string, value: string) => `${before}${value.toUpperCase()}`,
        ),
      ),
  },
  {
    name: 'inform-offers-no-versions',
    cases: ['INT-CMP-001'],
    breaks: 'has no SupportedCWMPVersions in its Informs',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/<(\w+:SupportedCWMPVersions)[ >].*?<\/\1>/s, '')),
  },
  {
    name: 'transfer-complete-without-fault',
    cases: ['INT-FW-003'],
    breaks: 'reports each transfer as one that succeeded',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) =>
        xml.includes(':TransferComplete>')
          ? xml.replace(/<FaultCode>\d+<\/FaultCode>/, '<FaultCode>0</FaultCode>')
          : xml,
      ),
  },
]
