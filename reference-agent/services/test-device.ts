/** For unit tests of services: a device in memory whose clock stands still until told otherwise. */
import { device2, ParameterTree } from '../datamodel/datamodel.ts'
import type { AgentOptions } from '../options.ts'
import { defaultParts } from '../parts.ts'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log } from '../platform/platform.ts'
import type { CpeRequest } from '../session/session.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { testDialer } from '../transport/test-dialer.ts'
import type { Dialer, Names } from '../transport/transport.ts'
import type { CpeService, Device } from './service.ts'
import { serviceOf } from './service.ts'

export class TestDevice implements Device {
  readonly store: MemoryStore
  readonly clock: ManualClock
  readonly tree: ParameterTree
  readonly lines: string[] = []
  readonly log = new Log('DEBUG', (line) => this.lines.push(line))
  readonly parts = defaultParts()
  readonly options: AgentOptions = {
    stateDirectory: '/nowhere',
    acsUrl: 'http://acs.example/',
    connectionRequestHost: '127.0.0.1',
    connectionRequestPort: 0,
    clockRate: 1,
    responseTimeout: 30,
  }
  services: CpeService[] = []
  inSession = false
  hearsConnectionRequests = true
  isRetrying = false
  /** Events in their order, those with a CommandKey as `M Reboot(key)`. */
  readonly events: string[] = []
  readonly requests: CpeRequest[] = []
  /** Everything else that was asked of the device. */
  readonly asked: string[] = []

  /** A device as it boots with what another has left in its store. */
  constructor(store = new MemoryStore(), clock = new ManualClock()) {
    this.store = store
    this.clock = clock
    this.tree = new ParameterTree(device2, store)
  }

  occurred(code: string, commandKey = ''): void {
    this.events.push(commandKey === '' ? code : `${code}(${commandKey})`)
  }

  remember(code: string, commandKey = ''): void {
    this.occurred(code, commandKey)
  }

  undelivered(code: string, commandKey = ''): number {
    return this.events.filter((each) => each === (commandKey === '' ? code : `${code}(${commandKey})`)).length
  }

  isUndelivered(code: string, commandKey = ''): boolean {
    return this.events.includes(commandKey === '' ? code : `${code}(${commandKey})`)
  }

  request(request: CpeRequest): void {
    this.requests.push(request)
  }

  openSession(): void {
    this.asked.push('session')
  }

  resume(): void {
    this.asked.push('resumption')
  }

  requestReboot(commandKey: string): void {
    this.asked.push(`reboot ${commandKey}`)
  }

  rebootAfterSession(): void {
    this.asked.push('reboot after the session')
  }

  nextSession: number | undefined

  askForMethods(): void {
    this.asked.push('methods')
  }

  exit(): void {
    this.asked.push('exit')
  }

  reboot(): void {
    this.asked.push('reboot')
  }

  createDialer(): Dialer {
    return testDialer()
  }

  createNames(timeout: number): Names {
    const { dnsServer: server, ipv4Only } = this.options
    return this.parts.createNames({ clock: this.clock, server, ipv4Only, timeout })
  }

  service: Device['service'] = (type) => serviceOf(this.services, type)
}
