import { type CreateDut, type DutOperations, ReferenceAdapter, referenceProgram } from '../../dut/dut.ts'

/** The reference agent behind an adapter that breaks one rule of its contract: the negative proof of suite `dut`. */
export const adapterMutants: readonly { name: string; cases: readonly string[]; breaks: string }[] = [
  {
    name: 'adapter-answers-everything',
    cases: ['DUT-ADAPTER-001'],
    breaks: 'answers a request that it does not know as if it had done it',
  },
  {
    name: 'adapter-provisions-once',
    cases: ['DUT-ADAPTER-002'],
    breaks: 'leaves the device at the first ACS that it was ever given',
  },
  {
    name: 'adapter-forgets-credentials',
    cases: ['DUT-ADAPTER-003'],
    breaks: 'points the device at the ACS without the user name and password',
  },
  {
    name: 'adapter-calls-the-living-dead',
    cases: ['DUT-ADAPTER-004'],
    breaks: 'says that the device is not alive while it takes part in sessions',
  },
  {
    name: 'adapter-reads-no-logs',
    cases: ['DUT-ADAPTER-005'],
    breaks: 'claims readLogs and answers it with something that is no text',
  },
  {
    name: 'adapter-claims-a-clock',
    cases: ['DUT-ADAPTER-006'],
    breaks: 'claims setClock and never answers it',
  },
  {
    name: 'adapter-sets-nothing',
    cases: ['DUT-ADAPTER-007'],
    breaks: 'claims setLocally and changes nothing',
  },
  {
    name: 'adapter-cuts-no-power',
    cases: ['DUT-ADAPTER-008'],
    breaks: 'claims powerCycle and leaves the agent running',
  },
  {
    name: 'adapter-resets-nothing',
    cases: ['DUT-ADAPTER-009'],
    breaks: 'claims factoryReset and leaves the agent running',
  },
  {
    name: 'adapter-keeps-the-certificate',
    cases: ['DUT-ADAPTER-010'],
    breaks: 'claims clientCertificate and does not hand it over',
  },
  {
    name: 'adapter-keeps-the-dns-server',
    cases: ['DUT-ADAPTER-011'],
    breaks: 'claims dnsServer and leaves the device with its usual one',
  },
  {
    name: 'adapter-keeps-dhcp-options',
    cases: ['DUT-ADAPTER-012'],
    breaks: 'claims dhcpOptions and hands none over',
  },
  {
    name: 'adapter-keeps-the-lan-empty',
    cases: ['DUT-ADAPTER-013'],
    breaks: 'claims lanDevice and brings none',
  },
  {
    name: 'adapter-acts-not',
    cases: ['DUT-ADAPTER-014'],
    breaks: 'claims ownAct, says that it is done and has the device do nothing',
  },
  {
    name: 'adapter-sleeps-not',
    cases: ['DUT-ADAPTER-015'],
    breaks: 'claims standby and leaves the device awake',
  },
  {
    name: 'adapter-keeps-the-time',
    cases: ['DUT-ADAPTER-016'],
    breaks: 'claims timeSource and leaves the device its time',
  },
  {
    name: 'adapter-never-gives-the-time-back',
    cases: ['DUT-ADAPTER-016'],
    breaks: 'takes the time from the device for ever',
  },
]

/** A module adapter; `options.mutant` names the broken rule. */
export const createDut: CreateDut = ({ options, stateDir, log }) => {
  const sound = new ReferenceAdapter({ stateDir, clockRate: 1, log, program: referenceProgram() })
  let provisioned = false
  const operations: DutOperations & { conformanceUnknownRequest?: () => void } = {
    provision: (given, signal) => sound.provision(given, signal),
    alive: (signal) => sound.alive(signal),
    powerCycle: (signal) => sound.powerCycle(signal),
    factoryReset: (signal) => sound.factoryReset(signal),
    setLocally: (path, value, signal) => sound.setLocally(path, value, signal),
    readLogs: () => sound.readLogs(),
    clientCertificate: (certificate) => sound.clientCertificate(certificate),
    dnsServer: (server) => sound.dnsServer(server),
    dhcpOptions: (offer, signal) => sound.dhcpOptions(offer, signal),
    lanDevice: (device, signal) => sound.lanDevice(device, signal),
    ownAct: (act, signal) => sound.ownAct(act, signal),
    standby: (seconds, signal) => sound.standby(seconds, signal),
    timeSource: (present) => sound.timeSource(present),
    stop: () => sound.stop(),
  }
  const faults: Record<string, () => void> = {
    'adapter-answers-everything': () => {
      operations.conformanceUnknownRequest = () => {}
    },
    'adapter-provisions-once': () => {
      operations.provision = async (given, signal) => {
        if (provisioned) return
        provisioned = true
        await sound.provision(given, signal)
      }
    },
    'adapter-forgets-credentials': () => {
      operations.provision = ({ username: _, password: __, ...given }, signal) =>
        sound.provision(given, signal)
    },
    'adapter-calls-the-living-dead': () => {
      operations.alive = async () => false
    },
    'adapter-reads-no-logs': () => {
      operations.readLogs = async () => undefined as unknown as string
    },
    'adapter-claims-a-clock': () => {
      operations.setClock = () => new Promise(() => {})
    },
    'adapter-sets-nothing': () => {
      operations.setLocally = async () => {}
    },
    'adapter-cuts-no-power': () => {
      operations.powerCycle = async () => {}
    },
    'adapter-resets-nothing': () => {
      operations.factoryReset = async () => {}
    },
    'adapter-keeps-the-certificate': () => {
      operations.clientCertificate = async () => {}
    },
    'adapter-keeps-the-dns-server': () => {
      operations.dnsServer = async () => {}
    },
    'adapter-keeps-dhcp-options': () => {
      operations.dhcpOptions = async () => ({})
    },
    'adapter-keeps-the-lan-empty': () => {
      operations.lanDevice = async () => {}
    },
    'adapter-acts-not': () => {
      operations.ownAct = async () => true
    },
    'adapter-sleeps-not': () => {
      operations.standby = async () => {}
    },
    'adapter-keeps-the-time': () => {
      operations.timeSource = async () => {}
    },
    'adapter-never-gives-the-time-back': () => {
      operations.timeSource = () => sound.timeSource(false)
    },
  }
  const fault = faults[String(options.mutant)]
  if (!fault) throw new Error(`there is no broken adapter "${options.mutant}"`)
  fault()
  return operations
}
