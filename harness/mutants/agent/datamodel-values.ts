import { alterParameter, alterValues } from './alter/definitions.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'model-all-strings',
    cases: ['DM-TYPE-001'],
    breaks: 'says of every value that it is a string',
    apply: (parts) => alterValues(parts, /./, () => ({ type: 'xsd:string' })),
  },
  {
    name: 'model-long-counters-as-unsigned-int',
    cases: ['DM-TYPE-001'],
    breaks: 'says of counters of 64 bits that they are unsignedInt',
    apply: (parts) =>
      alterValues(parts, /./, ({ type }) => (type === 'xsd:unsignedLong' ? { type: 'xsd:unsignedInt' } : {})),
  },
  {
    name: 'model-list-as-its-items',
    cases: ['DM-TYPE-001'],
    breaks: 'says of a list of numbers or times that it is one of them',
    apply: (parts) => alterValues(parts, /\.SupportedConnReqMethods$/, () => ({ type: 'xsd:int' })),
  },
  {
    name: 'model-boolean-in-capitals',
    cases: ['DM-TYPE-002'],
    breaks: 'writes TRUE for true in one parameter',
    apply: (parts) => alterValues(parts, /\.Hosts\.Host\.1\.Active$/, () => ({ value: 'TRUE' })),
  },
  {
    name: 'model-time-in-words',
    cases: ['DM-TYPE-002'],
    breaks: 'writes a time as people do',
    apply: (parts) => alterValues(parts, /\.FirstUseDate$/, () => ({ value: 'Mon Jan 01 2024' })),
  },
  {
    name: 'model-signed-counter',
    cases: ['DM-TYPE-002'],
    breaks: 'shows a counter beyond 2147483647 as a negative number',
    apply: (parts) => alterValues(parts, /\.1\.Stats\.ErrorsSent$/, () => ({ value: '-2' })),
  },
  {
    name: 'model-beyond-range',
    cases: ['DM-RANGE-001'],
    breaks: 'shows a CPU usage of more than 100 percent',
    apply: (parts) => alterValues(parts, /\.CPUUsage$/, () => ({ value: '103' })),
  },
  {
    name: 'model-below-range',
    cases: ['DM-RANGE-001'],
    breaks: 'shows a number below the least one of its range',
    apply: (parts) => alterValues(parts, /\.MaxMTUSize$/, () => ({ value: '0' })),
  },
  {
    name: 'model-too-long',
    cases: ['DM-SIZE-001'],
    breaks: 'shows a description of more than 256 characters',
    apply: (parts) => alterValues(parts, /\.DeviceInfo\.Description$/, () => ({ value: 'd'.repeat(257) })),
  },
  {
    name: 'model-value-of-ones-own',
    cases: ['DM-ENUM-001'],
    breaks: 'shows a value that the enumeration does not have',
    apply: (parts) => alterValues(parts, /\.Hosts\.Host\.2\.InterfaceType$/, () => ({ value: 'WiFi' })),
  },
  {
    name: 'model-item-of-ones-own',
    cases: ['DM-ENUM-001'],
    breaks: 'shows an item that the enumeration does not have as the last one of a list',
    apply: (parts) => alterValues(parts, /\.SupportedConnReqMethods$/, () => ({ value: 'HTTP,UDP' })),
  },
  {
    name: 'model-value-not-listed',
    cases: ['DM-ENUM-002'],
    breaks: 'has a value that the parameter in charge does not list',
    apply: (parts) => alterValues(parts, /\.HTTPCompression$/, () => ({ value: 'Brotli' })),
  },
  {
    name: 'model-version-with-name',
    cases: ['DM-PATTERN-001'],
    breaks: 'shows a version of the data model in another form than 2.n',
    apply: (parts) => alterValues(parts, /\.RootDataModelVersion$/, () => ({ value: 'Device:2.17' })),
  },
  {
    name: 'model-address-with-dashes',
    cases: ['DM-PATTERN-001'],
    breaks: 'writes MAC addresses with dashes',
    apply: (parts) =>
      alterValues(parts, /\.MACAddress$/, ({ value }) => ({ value: value.replaceAll(':', '-') })),
  },
  {
    name: 'model-too-many-items',
    cases: ['DM-LIST-001'],
    breaks: 'has more items in a list than the model allows',
    apply: (parts) =>
      alterValues(parts, /\.DHCPv4\.Server\.Pool\.1\.DNSServers$/, () => ({
        value: [1, 2, 3, 4, 5].map((last) => `192.0.2.${last}`).join(','),
      })),
  },
  {
    name: 'model-comma-at-end',
    cases: ['DM-LIST-002'],
    breaks: 'puts a comma behind the last item of a list',
    apply: (parts) =>
      alterValues(parts, /\.SupportedConnReqMethods$/, ({ value }) => ({ value: `${value},` })),
  },
  {
    name: 'model-dangling-reference',
    cases: ['DM-REF-001'],
    breaks: 'refers to a row that does not exist',
    apply: (parts) =>
      alterValues(parts, /\.DHCPv4\.Client\.1\.Interface$/, () => ({ value: 'Device.IP.Interface.9' })),
  },
  {
    name: 'model-dangling-item',
    cases: ['DM-REF-001'],
    breaks: 'refers to a row that does not exist in the last item of a list',
    apply: (parts) =>
      alterValues(parts, /\.Interface\.1\.LowerLayers$/, () => ({
        value: 'Device.Ethernet.Link.1,Device.Ethernet.Link.9',
      })),
  },
  {
    name: 'model-reference-elsewhere',
    cases: ['DM-REF-002'],
    breaks: 'refers to an Ethernet interface where an IP interface is called for',
    apply: (parts) =>
      alterValues(parts, /\.NAT\.InterfaceSetting\.1\.Interface$/, () => ({
        value: 'Device.Ethernet.Interface.1',
      })),
  },
  {
    name: 'model-asterisks',
    cases: ['DM-HIDDEN-001', 'DM-HIDDEN-002'],
    breaks: 'shows asterisks in place of what is hidden',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        shown: (node, value) => (node.definition.hidden ? '********' : rules.shown(node, value)),
      })),
  },
  {
    name: 'model-shows-what-was-set',
    cases: ['DM-HIDDEN-002'],
    breaks: 'shows the passwords of users',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        shown: (node, value) =>
          node.path.startsWith('Device.Users.') && node.definition.hidden ? value : rules.shown(node, value),
      })),
  },
  {
    name: 'model-command-stays',
    cases: ['DM-COMMAND-001'],
    breaks: 'shows that a command was given at some time',
    apply: (parts) => alterValues(parts, /\.Renew$/, () => ({ value: 'true' })),
  },
  {
    name: 'model-not-in-inform',
    cases: ['DM-INFORM-001'],
    breaks: 'leaves a forced parameter out of its Informs',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.HardwareVersion', ({ forcedInform: _forced, ...one }) => one),
  },
  {
    name: 'model-not-notified',
    cases: ['DM-NOTIFY-001'],
    breaks: 'has active notification of a forced parameter off',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.ProvisioningCode', ({ activeNotify: _forced, ...one }) => one),
  },
  {
    name: 'model-empty-enumeration',
    cases: ['DM-EMPTY-001'],
    breaks: 'shows nothing where the model wants one of some values',
    apply: (parts) => alterValues(parts, /\.Hosts\.Host\.1\.InterfaceType$/, () => ({ value: '' })),
  },
  {
    name: 'model-default-notification-off',
    cases: ['DM-NOTIFY-002'],
    breaks: 'has the notification off that is to be active by default',
    apply: (parts) =>
      alterParameter(parts, 'Device.GatewayInfo.SerialNumber', ({ activeNotify: _default, ...one }) => one),
  },
]
