import { setImmediate } from 'node:timers/promises'
import type { CwmpFault, RequestOf, RpcName } from '../../cwmp/cwmp.ts'
import type { Grounds } from './grounds.ts'
import type { CallResult, Contact, Line } from './line.ts'
import { ModelSession, UNKNOWN_TIME } from './model-session.ts'

/** Something that an Inform tells. */
export interface Event {
  readonly code: string
  readonly key: string
}

interface Timer extends Event {
  readonly atMs: number
}

/** A download or upload that was accepted. */
export interface Transfer extends Timer {
  readonly isGood: boolean
  state: 'waiting' | 'done'
}

interface Kept {
  value: string
  notification: number
  access: readonly string[]
}

/**
 * A device that does all of it right, as far as scripts go, with a clock of its own that stands still while nobody waits. Tests override what
 * is to be wrong with it, or to be right in another way.
 */
export class ModelCpe implements Line {
  readonly urls = ['http://acs.example/', 'http://acs.example/elsewhere', 'http://other.example/']
  readonly enrolments: Line['enrolments'] = []
  readonly grounds: Grounds
  kept = new Map<string, Kept>()
  rows = new Map<number, string>()
  nextNumber = 1
  parameterKey = ''
  events: Event[] = []
  changed = new Set<string>()
  schedule: Timer[] = []
  transfers: Transfer[] = []
  retryCount = 0
  url = 'http://acs.example/'
  retryAtMs: number | undefined
  reboots: string[] = []
  isResetAsked = false
  newUrl: string | undefined
  isInSession = false
  #nowMs = 0

  constructor(grounds: Grounds) {
    this.grounds = grounds
    this.reset()
    this.events = []
  }

  now(): number {
    return this.#nowMs
  }

  // What happens at the device.

  reset(): void {
    for (const { name, values, isForced } of this.grounds.parameters)
      this.kept.set(name, { value: values[0], notification: isForced ? 2 : 0, access: ['Subscriber'] })
    this.rows.clear()
    this.parameterKey = ''
    this.changed.clear()
    this.schedule = []
    this.transfers = []
    this.bootstrap()
    this.tell('1 BOOT')
  }

  boot(keys: readonly string[]): void {
    this.events = this.events.filter(({ code }) => code !== '6 CONNECTION REQUEST' && code !== '1 BOOT')
    this.tell('1 BOOT')
    for (const key of keys) this.tell('M Reboot', key)
  }

  bootstrap(): void {
    this.events = []
    this.tell('0 BOOTSTRAP')
  }

  tell(code: string, key = ''): void {
    const isMultiple = code.startsWith('M ')
    if (isMultiple || !this.events.some((each) => each.code === code)) this.events.push({ code, key })
  }

  async setLocally(name: string, value: string): Promise<void> {
    this.change(name, value)
    if (this.keptAt(name).notification !== 0) this.changed.add(name)
  }

  async powerCycle(): Promise<void> {
    this.isInSession = false
    this.forgetPlans()
    this.boot([])
  }

  async factoryReset(): Promise<void> {
    this.reset()
  }

  async provision(): Promise<void> {
    this.url = this.urls[0] as string
  }

  async call(): Promise<CallResult> {
    this.tell('6 CONNECTION REQUEST')
    return 'heard'
  }

  callPatiently(..._how: Parameters<Line['callPatiently']>): Promise<CallResult> {
    return this.call()
  }

  retryWaitMs(retry: number): number {
    return retry === 0 ? 0 : 10_000
  }

  fileUrl(which: string): string {
    return `http://files.example/${which}`
  }

  // Its sessions.

  get hasReason(): boolean {
    const active = [...this.changed].some((name) => this.kept.get(name)?.notification === 2)
    return active || this.events.length > 0 || (this.retryAtMs !== undefined && this.retryAtMs <= this.#nowMs)
  }

  async nextContact(withinMs: number): Promise<Contact | undefined> {
    // Whoever waits may ask for what he waits for.
    await setImmediate()
    const untilMs = this.#nowMs + withinMs
    for (;;) {
      this.runTimers()
      if (this.hasReason) return this.open()
      const next = Math.min(
        ...[...this.schedule, ...this.transfers.filter(({ state }) => state === 'waiting')].map(
          ({ atMs }) => atMs,
        ),
        this.retryAtMs ?? Number.POSITIVE_INFINITY,
      )
      if (next > untilMs) return undefined
      this.#nowMs = Math.max(this.#nowMs, next)
    }
  }

  runTimers(): void {
    for (const { key } of this.schedule.filter(({ atMs }) => atMs <= this.#nowMs))
      this.tell('M ScheduleInform', key)
    this.schedule = this.schedule.filter(({ atMs }) => atMs > this.#nowMs)
    for (const each of this.transfers) {
      if (each.state !== 'waiting' || each.atMs > this.#nowMs) continue
      each.state = 'done'
      this.tell(each.code, each.key)
    }
  }

  open(): Contact {
    return new ModelSession(this)
  }

  /** The EventList of an Inform. */
  get list(): Event[] {
    const codes = this.events.map(({ code }) => code)
    const beside = [
      ...(codes.includes('M ScheduleInform') ? ['3 SCHEDULED'] : []),
      ...(codes.some((code) => /^M (Down|Up)load$/.test(code)) ? ['7 TRANSFER COMPLETE'] : []),
      ...(this.changed.size > 0 ? ['4 VALUE CHANGE'] : []),
    ]
    return [...this.events, ...beside.map((code) => ({ code, key: '' }))]
  }

  acknowledged(events: readonly Event[], changed: readonly string[]): void {
    this.retryAtMs = undefined
    this.events = this.events.filter((each) => !events.includes(each))
    for (const name of changed) this.changed.delete(name)
  }

  /** The Inform comes again at once, with what has happened since. */
  askedAgain(_session: Contact): void {
    this.retryAtMs = this.#nowMs
  }

  failed(): void {
    this.isInSession = false
    this.retryCount += 1
    this.retryAtMs = this.#nowMs + 5000
    this.events = this.events.filter(({ code }) => code !== '6 CONNECTION REQUEST')
  }

  ended(): void {
    this.isInSession = false
    this.retryCount = 0
    const { reboots, isResetAsked, newUrl } = this
    this.forgetPlans()
    if (newUrl !== undefined) {
      this.url = newUrl
      this.bootstrap()
    }
    if (isResetAsked) this.reset()
    else if (reboots.length > 0) this.boot(reboots)
  }

  forgetPlans(): void {
    this.reboots = []
    this.isResetAsked = false
    this.newUrl = undefined
  }

  /** The transfers that this session has to report. */
  reportable(told: readonly Event[]): Transfer[] {
    return this.transfers.filter(
      ({ state, code, key }) =>
        state === 'done' && told.some((each) => each.code === code && each.key === key),
    )
  }

  reported(transfer: Transfer): void {
    this.transfers = this.transfers.filter((each) => each !== transfer)
  }

  // Its answers.

  answer(name: RpcName, args: never): object {
    const answers = this as unknown as Record<string, (args: never) => object>
    return answers[name]?.call(this, args) ?? faultOf(9000)
  }

  GetParameterValues({ ParameterNames }: RequestOf<'GetParameterValues'>): object {
    const names = ParameterNames.flatMap((name) => (name.endsWith('.') ? this.namesBelow(name) : [name]))
    if (names.some((name) => this.read(name) === undefined)) return faultOf(9005)
    const struct = (Name: string) => ({ Name, Value: this.read(Name) ?? '', type: 'xsd:string' })
    return { ParameterList: [...new Set(names)].map(struct) }
  }

  SetParameterValues({ ParameterList, ParameterKey }: RequestOf<'SetParameterValues'>): object {
    const names = ParameterList.map(({ Name }) => Name)
    if (new Set(names).size < names.length) return faultOf(9003)
    const bad = ParameterList.flatMap(({ Name, Value, type }) => {
      const code = this.codeOf(Name, Value, type)
      return code === undefined ? [] : [{ ParameterName: Name, FaultCode: code, FaultString: '' }]
    })
    if (bad.length > 0) return faultOf(9003, bad)
    for (const { Name, Value } of ParameterList) this.set(Name, Value)
    this.parameterKey = ParameterKey
    return { Status: 0 }
  }

  GetParameterAttributes({ ParameterNames }: RequestOf<'GetParameterAttributes'>): object {
    if (ParameterNames.some((name) => this.read(name) === undefined)) return faultOf(9005)
    const struct = (Name: string) => {
      const { notification, access } = this.keptAt(Name)
      return { Name, Notification: notification, AccessList: access }
    }
    return { ParameterList: ParameterNames.map(struct) }
  }

  SetParameterAttributes({ ParameterList }: RequestOf<'SetParameterAttributes'>): object {
    if (ParameterList.some(({ Name }) => this.read(Name) === undefined)) return faultOf(9005)
    if (ParameterList.some(({ Notification }) => Notification > 6)) return faultOf(9003)
    for (const each of ParameterList) {
      const kept = this.keptAt(each.Name)
      const isForced = this.grounds.parameters.some(({ name, isForced }) => isForced && name === each.Name)
      if (each.NotificationChange && !isForced) kept.notification = each.Notification
      if (each.AccessListChange) kept.access = each.AccessList
    }
    return {}
  }

  AddObject({ ObjectName, ParameterKey }: RequestOf<'AddObject'>): object {
    if (ObjectName !== this.grounds.table?.path) return faultOf(9005)
    const InstanceNumber = this.newNumber()
    this.rows.set(InstanceNumber, '')
    this.parameterKey = ParameterKey
    return { InstanceNumber, Status: 0 }
  }

  newNumber(): number {
    return this.nextNumber++
  }

  DeleteObject({ ObjectName, ParameterKey }: RequestOf<'DeleteObject'>): object {
    if (!this.rows.delete(Number(/(\d+)\.$/.exec(ObjectName)?.[1]))) return faultOf(9005)
    this.kept.delete(`${ObjectName}Name`)
    this.parameterKey = ParameterKey
    return { Status: 0 }
  }

  Reboot({ CommandKey }: RequestOf<'Reboot'>): object {
    this.reboots.push(CommandKey)
    return {}
  }

  FactoryReset(): object {
    this.isResetAsked = true
    return {}
  }

  ScheduleInform({ DelaySeconds, CommandKey }: RequestOf<'ScheduleInform'>): object {
    if (DelaySeconds === 0) return faultOf(9003)
    this.schedule.push({ code: 'M ScheduleInform', key: CommandKey, atMs: this.#nowMs + DelaySeconds * 1000 })
    return {}
  }

  Download({ CommandKey, URL, DelaySeconds }: RequestOf<'Download'>): object {
    return this.transfer('M Download', CommandKey, DelaySeconds, URL.endsWith('good'))
  }

  Upload({ CommandKey, DelaySeconds }: RequestOf<'Upload'>): object {
    return this.transfer('M Upload', CommandKey, DelaySeconds, true)
  }

  transfer(code: string, key: string, delay: number, isGood: boolean): object {
    if (this.transfers.length >= 3) return faultOf(9004)
    this.transfers.push({ code, key, atMs: this.#nowMs + delay * 1000, isGood, state: 'waiting' })
    return { Status: 1, StartTime: UNKNOWN_TIME, CompleteTime: UNKNOWN_TIME }
  }

  CancelTransfer({ CommandKey }: RequestOf<'CancelTransfer'>): object {
    const meant = this.transfers.filter(({ key }) => key === CommandKey)
    if (meant.some(({ state }) => state === 'done')) return faultOf(9021)
    this.transfers = this.transfers.filter(({ key }) => key !== CommandKey)
    return {}
  }

  GetAllQueuedTransfers(): object {
    const struct = ({ key, code, state }: Transfer) => ({
      CommandKey: key,
      State: state === 'done' ? 3 : 1,
      IsDownload: code === 'M Download',
      FileType: '',
      FileSize: 0,
      TargetFileName: '',
    })
    return { TransferList: this.transfers.map(struct) }
  }

  // Its data model.

  change(name: string, value: string): void {
    this.keptAt(name).value = value
  }

  /** What the ACS sets. */
  set(name: string, value: string): void {
    if (name === 'Device.ManagementServer.URL') this.newUrl = value
    else this.change(name, value)
  }

  keptAt(name: string): Kept {
    const kept = this.kept.get(name) ?? { value: '', notification: 0, access: ['Subscriber'] }
    this.kept.set(name, kept)
    return kept
  }

  read(name: string): string | undefined {
    if (name === 'Device.ManagementServer.ParameterKey') return this.parameterKey
    if (name === this.grounds.readOnly) return 'maker'
    const row = /^Device\.Row\.(\d+)\.Name$/.exec(name)?.[1]
    if (row !== undefined) return this.rows.has(Number(row)) ? this.keptAt(name).value : undefined
    return this.kept.get(name)?.value
  }

  namesBelow(table: string): string[] {
    return [...this.rows.keys()].map((number) => `${table}${number}.Name`)
  }

  codeOf(name: string, value: string, type: string): number | undefined {
    if (name === 'Device.ManagementServer.URL') return undefined
    if (this.read(name) === undefined) return 9005
    if (name === this.grounds.readOnly) return 9008
    const parameter = this.grounds.parameters.find((each) => each.name === name)
    if (type !== (parameter?.type ?? 'xsd:string')) return 9006
    return value === parameter?.bad ? 9007 : undefined
  }
}

/** A CWMP fault as it is parsed. */
export function faultOf(code: number, bad: CwmpFault['setParameterValuesFaults'] = []): CwmpFault {
  return {
    faultCode: code,
    faultString: '',
    soapFaultCode: 'Client',
    soapFaultString: 'CWMP fault',
    setParameterValuesFaults: bad,
    cwmpDetail: true,
  }
}
