import { alterObject, alterParameter, alterValues } from './alter/definitions.ts'
import { keepNames } from './alter/names.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'model-counter-off-by-one',
    cases: ['DM-COUNT-001'],
    breaks: 'counts one host too many',
    apply: (parts) =>
      alterValues(parts, /\.HostNumberOfEntries$/, ({ value }) => ({ value: String(Number(value) + 1) })),
  },
  {
    name: 'model-counter-counts-highest-number',
    cases: ['DM-COUNT-001'],
    breaks: 'tells the highest instance number in place of the number of rows',
    apply: (parts) => {
      alterObject(parts, 'Device.NAT.InterfaceSetting.{i}.', ({ rows = [] }) => ({
        rows: rows.map((row) => ({ ...row, number: 3 })),
      }))
      const { createTree } = parts
      parts.createTree = (...model) => {
        const tree = createTree(...model)
        const read = tree.getParameters.bind(tree)
        tree.getParameters = (path) =>
          read(path).map((one) => {
            const table = /^(Device\.NAT\..*)NumberOfEntries$/.exec(one.path)?.[1]
            if (table === undefined) return one
            const numbers = tree
              .names(`${table}.`, true)
              .map(({ name }) => Number(/(\d+)\.$/.exec(name)?.[1]))
            return { ...one, value: String(Math.max(0, ...numbers)) }
          })
        return tree
      }
    },
  },
  {
    name: 'model-counter-tells-no-number',
    cases: ['DM-COUNT-001'],
    breaks: 'says of the hosts that there are some, and not how many',
    apply: (parts) => alterValues(parts, /\.HostNumberOfEntries$/, () => ({ value: 'some' })),
  },
  {
    name: 'model-counter-empty',
    cases: ['DM-COUNT-001'],
    breaks: 'tells nothing at all as the number of rows of an empty table',
    apply: (parts) => alterValues(parts, /\.PortMappingNumberOfEntries$/, () => ({ value: '' })),
  },
  {
    name: 'model-counter-missing',
    cases: ['DM-COUNT-002'],
    breaks: 'has no parameter that counts the rows of a table',
    apply: (parts) => keepNames(parts, (name) => name !== 'Device.Hosts.HostNumberOfEntries'),
  },
  {
    name: 'model-more-rows-than-room',
    cases: ['DM-COUNT-003'],
    breaks: 'has more rows than its description gives the table room for',
    apply: (parts) =>
      alterObject(parts, 'Device.NAT.InterfaceSetting.{i}.', () => ({
        rows: Array.from({ length: 9 }, () => ({ values: {} })),
      })),
  },
  {
    name: 'model-same-alias',
    cases: ['DM-UNIQUE-001'],
    breaks: 'gives all rows of a table the same alias',
    apply: (parts) =>
      alterValues(parts, /\.Ethernet\.Interface\.\d+\.Alias$/, () => ({ value: 'cpe-interface' })),
  },
  {
    name: 'model-same-functional-key',
    cases: ['DM-UNIQUE-002'],
    breaks: 'has two enabled rows for the same interface',
    apply: (parts) =>
      alterObject(parts, 'Device.NAT.InterfaceSetting.{i}.', ({ rows = [] }) => ({
        rows: [...rows, ...rows],
      })),
  },
  {
    name: 'model-other-default',
    cases: ['DM-DEFAULT-001'],
    breaks: 'begins rows with a lease time of its own',
    apply: (parts) =>
      alterParameter(parts, 'Device.DHCPv4.Server.Pool.{i}.LeaseTime', (one) => ({
        ...one,
        default: '3600',
      })),
  },
  {
    name: 'model-begins-enabled',
    cases: ['DM-DEFAULT-001'],
    breaks: 'begins the rows of one table enabled',
    apply: (parts) =>
      alterParameter(parts, 'Device.NAT.PortMapping.{i}.Enable', (one) => ({ ...one, default: 'true' })),
  },
  {
    name: 'model-fewer-rows-than-it-must',
    cases: ['DM-COUNT-006'],
    breaks: 'has no row in a table that its description fills with one at least',
    apply: (parts) => alterObject(parts, 'Device.DeviceInfo.VendorConfigFile.{i}.', () => ({ rows: [] })),
  },
  {
    name: 'model-other-default-of-factory',
    cases: ['DM-DEFAULT-002'],
    breaks: 'has another retry interval from the factory',
    apply: (parts) =>
      alterParameter(parts, 'Device.ManagementServer.CWMPRetryMinimumWaitInterval', (one) => ({
        ...one,
        default: '60',
      })),
  },
  {
    name: 'model-keeps-over-reset',
    cases: ['DM-DEFAULT-002'],
    breaks: 'keeps the name of the device over a factory reset',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.HostName', (one) => ({ ...one, default: 'kept' })),
  },
]
