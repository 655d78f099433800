/** The device from one boot to the next: all of this is made anew from the store when it reboots. */
import type { ConnectionRequestListener } from './connection-request/connection-request.ts'
import type { CommandMembers } from './control/control.ts'
import type { CpeStatus, CpeSurroundings } from './cpe-surroundings.ts'
import type { ParameterChange, ParameterTree } from './datamodel/datamodel.ts'
import { deviceView } from './device-view.ts'
import { Lifecycle } from './lifecycle.ts'
import { Notifications } from './notification/notification.ts'
import { guarded, localDateTime } from './platform/platform.ts'
import { applyProvisioning, type Provisioning, rememberProvisioning } from './provisioning.ts'
import { dispatch, type RpcHandler } from './rpc/rpc.ts'
import { type CpeService, serviceOf } from './services/services.ts'
import {
  type CpeRequest,
  type EventQueue,
  hasCompression,
  hasMethod,
  hasRetryParameters,
  MANAGEMENT_SERVER,
  ManagementServer,
  type PeriodicInform,
  type PeriodicInformSettings,
  type RetryPolicy,
  roomForEvents,
  type SessionOutcome,
  type SessionScheduler,
  STANDARD_RETRY,
  versionsOf,
} from './session/session.ts'
import { type CwmpVersion, childNamed, type Envelope } from './soap/soap.ts'
import { Standby } from './standby/standby.ts'
import type { Compression, Transport } from './transport/transport.ts'
import { createListener, createTransport, provideLiveValues } from './wiring.ts'

export type { CpeStatus, CpeSurroundings } from './cpe-surroundings.ts'

const BOOTSTRAPPED = 'bootstrapped'

export class Cpe {
  readonly tree: ParameterTree
  protected readonly surroundings: CpeSurroundings
  protected readonly queue: EventQueue
  protected readonly retry: RetryPolicy
  protected readonly scheduler: SessionScheduler
  protected readonly periodic: PeriodicInform
  protected readonly listener: ConnectionRequestListener
  protected readonly managementServer: ManagementServer
  protected readonly services: readonly CpeService[]
  protected readonly notifications: Notifications
  protected readonly standby: Standby
  readonly #booted: number
  readonly #lifecycle: Lifecycle
  readonly #compression: Compression
  readonly #requests: CpeRequest[] = []
  readonly #status: Pick<CpeStatus, 'sessions' | 'lastSession' | 'acsMethods'> = { sessions: 0 }
  #url = ''
  #transport: Transport | undefined

  constructor(surroundings: CpeSurroundings) {
    this.surroundings = surroundings
    const { parts, store, clock, log, options } = surroundings
    const { amendment } = options
    this.#booted = clock.monotonic()
    this.#lifecycle = new Lifecycle(store, () => surroundings.reboot())
    this.tree = parts.createTree(parts.objects, store, parts.rules)
    if (options.anyXsiType) this.tree.takeAnyType()
    const managementServer = new ManagementServer(this.tree)
    this.managementServer = managementServer
    this.#compression = parts.createCompression(() =>
      hasCompression(amendment) ? managementServer.httpCompression : 'Disabled',
    )
    this.queue = parts.createEventQueue(store)
    this.retry = parts.createRetryPolicy(store, parts.random, () =>
      hasRetryParameters(amendment) ? managementServer.retry : STANDARD_RETRY,
    )
    this.periodic = parts.createPeriodicInform(
      clock,
      () => this.periodicInform,
      () => this.periodicIsDue(),
    )
    this.scheduler = parts.createScheduler({
      clock,
      retry: this.retry,
      log: log.about('session'),
      mayRun: () => managementServer.url !== '' && managementServer.enableCwmp && this.isAwake,
      run: () => this.runSession(),
      ended: (outcome) => this.sessionEnded(outcome),
    })
    this.listener = createListener(surroundings, managementServer, {
      hears: () => this.standby.hearsConnectionRequests,
      requested: () => this.occurred('6 CONNECTION REQUEST'),
      moved: () => this.tree.touch(`${MANAGEMENT_SERVER}ConnectionRequestURL`),
    })
    const device = deviceView({
      surroundings,
      tree: this.tree,
      queue: this.queue,
      scheduler: this.scheduler,
      periodic: this.periodic,
      retry: this.retry,
      lifecycle: this.#lifecycle,
      services: () => this.services,
      occurred: (code, commandKey) => this.occurred(code, commandKey),
      request: (request) => this.#requests.push(request),
      requestReboot: (commandKey) => this.requestReboot(commandKey),
      resume: () => this.resume(),
      askForMethods: () => this.askForMethods(),
    })
    this.services = [...parts.services.values()].map((create) => create(device))
    this.notifications = serviceOf(this.services, Notifications)
    this.standby = serviceOf(this.services, Standby)
  }

  /** Boots. Rejects with PortInUse when connection requests cannot be taken on the configured port. */
  async start(): Promise<void> {
    const { options, store } = this.surroundings
    applyProvisioning(this.tree, options, store)
    provideLiveValues(this.tree, this.surroundings, {
      connectionRequestUrl: () => this.listener.url,
      upTime: () => this.upTime,
    })
    for (const service of this.services) service.configure?.()
    this.#maskSecrets()
    await this.listener.update()
    this.#url = this.managementServer.url
    if (this.#url === '')
      this.surroundings.log.notice('There is no ACS URL, and no session until there is one')
    if (this.needsBootstrap()) this.bootstrap()
    if (options.getRpcMethods === 'boot') this.askForMethods()
    this.queue.add('1 BOOT')
    this.tree.on('change', (change) => this.changed(change))
    this.tree.on('restart', () => this.#lifecycle.rebootAfterSession(this.scheduler.running))
    this.tree.on('attributes', () => {
      for (const service of this.services) service.attributesChanged?.()
    })
    for (const service of this.services) await service.start?.()
    this.#tellPeriod()
    this.periodic.start()
    this.scheduler.trigger()
  }

  /** The lights go out: a running session is cut, what is not durable is gone. */
  async stop(): Promise<void> {
    this.scheduler.stop()
    this.periodic.stop()
    this.tree.removeAllListeners()
    this.#transport?.close()
    await Promise.all(this.services.map((service) => service.stop?.()))
    await this.listener.close()
  }

  /** An event that opens a session, at once or after the running one. */
  occurred(code: string, commandKey = ''): void {
    if (this.standby.isMissed(code)) return
    this.queue.add(code, commandKey)
    this.scheduler.trigger()
  }

  /** What was granted before the device fell asleep is still owed. */
  protected get isAwake(): boolean {
    return !this.standby.isAsleep || this.queue.holds('6 CONNECTION REQUEST')
  }

  /** Even on a full disk the ACS hears of the device, and may do something about it. */
  protected periodicIsDue(): void {
    try {
      this.occurred('2 PERIODIC')
    } catch {
      this.queue.addAnyhow('2 PERIODIC')
      this.scheduler.trigger()
    }
  }

  /** A change that the ACS did not cause. Throws CwmpFault. */
  setLocally(path: string, value: string): void {
    this.tree.setLocally(path, value)
  }

  /** Has a feature carry out a command of the control socket; undefined when none knows it. */
  async featureCommand(name: string, members: CommandMembers): Promise<object | undefined> {
    const own = this.services.find(({ commands }) => commands && Object.hasOwn(commands, name))
    return own?.commands?.[name]?.(members)
  }

  /** Points the device at an ACS, as its installer does; an overdue session does not wait for its retry then. Throws CwmpFault for values that the data model does not take. */
  provision(provisioning: Provisioning): void {
    this.tree.setAllLocally(provisioning, { report: false })
    rememberProvisioning(provisioning, this.surroundings.store)
    this.resume()
  }

  /** Demands a factory reset at the next boot, durably. */
  requestFactoryReset(): void {
    this.#lifecycle.requestFactoryReset()
  }

  /** Demands a reboot after the running session, which 1 BOOT and M Reboot will report. */
  requestReboot(commandKey: string): void {
    this.queue.add('M Reboot', commandKey)
    this.#lifecycle.requestReboot()
  }

  get status(): CpeStatus {
    return {
      acsUrl: this.managementServer.url,
      connectionRequestUrl: this.listener.url,
      upTime: this.upTime,
      inSession: this.scheduler.running,
      events: this.queue.codes,
      retryCount: this.retry.retryCount,
      ...this.#status,
    }
  }

  get upTime(): number {
    return Math.floor((this.surroundings.clock.monotonic() - this.#booted) / 1000)
  }

  /** The device's clock was set: moments of the calendar are at another distance now. */
  setClock(milliseconds: number): void {
    this.surroundings.clock.set(milliseconds)
    this.periodic.start()
    for (const service of this.services) service.clockSet?.()
  }

  /** Without the time, the device can keep no phase. */
  protected get periodicInform(): PeriodicInformSettings {
    const settings = this.managementServer.periodicInform
    return this.surroundings.clock.isSet ? settings : { ...settings, time: undefined }
  }

  /** First contact ever, after a factory reset, or with this URL (3.7.1.5). */
  protected needsBootstrap(): boolean {
    const delivered = this.surroundings.store.get<{ url: string }>(BOOTSTRAPPED)
    return delivered?.url !== this.#url && !this.queue.codes.includes('0 BOOTSTRAP')
  }

  /** 0 BOOTSTRAP: nothing that happened before matters to the ACS any more. */
  protected bootstrap(): void {
    this.surroundings.store.together(() => {
      this.queue.add('0 BOOTSTRAP')
      this.tree.discardChanges()
      for (const service of this.services) service.bootstrapped?.()
    })
  }

  /** Reacts to a durable change of the data model. */
  protected changed(change: ParameterChange): void {
    const { path } = change
    for (const service of this.services) service.changed?.(change)
    if (path.startsWith(MANAGEMENT_SERVER)) this.managementServerChanged(path.slice(MANAGEMENT_SERVER.length))
  }

  protected managementServerChanged(name: string): void {
    switch (name) {
      case 'URL':
        if (this.managementServer.url === this.#url) return
        this.#url = this.managementServer.url
        this.#compression.renewed()
        this.bootstrap()
        this.scheduler.trigger()
        return
      case 'HTTPCompression':
        this.#compression.renewed()
        return
      case 'PeriodicInformEnable':
      case 'PeriodicInformInterval':
      case 'PeriodicInformTime':
        this.periodic.start()
        return
      case 'HTTPConnectionRequestEnable':
        this.listener.update().catch((error: Error) => this.surroundings.log.error(error.message))
        return
      case 'EnableCWMP':
        this.resume()
        return
      case 'Password':
      case 'ConnectionRequestPassword':
        this.#maskSecrets()
    }
  }

  /** Opens the session that could not be opened, if something waits for it. */
  protected resume(): void {
    if (this.hasSomethingToTell()) this.scheduler.trigger()
  }

  /** Whether something waits for a session, such as while none could be opened. */
  protected hasSomethingToTell(): boolean {
    return this.queue.isWaiting || this.retry.retryCount > 0 || this.notifications.hasActiveChanges
  }

  /** One session, with everything that is to be told now. */
  protected async runSession(): Promise<SessionOutcome> {
    const { parts, options, store, clock, log } = this.surroundings
    const pending = this.tree.pendingChanges()
    const isHeartbeat =
      this.queue.isHeartbeatDue && !pending.some((change) => this.notifications.isActive(change))
    const changes = isHeartbeat ? [] : pending
    const waiting = this.queue.begin(roomForEvents(changes.length > 0), isHeartbeat)
    const events = parts.eventsOfInform(waiting, changes.length > 0)
    const codes = events.map(({ EventCode }) => EventCode)
    for (const service of this.services) service.informing?.(events)
    const isFirstContact = codes.includes('0 BOOTSTRAP')
    const url = this.managementServer.url
    if (isFirstContact && this.surroundings.options.getRpcMethods !== 'never') this.askForMethods()
    const target = new URL(url)
    const transport = createTransport(this.surroundings, {
      url: target,
      credentials: this.managementServer.credentials,
      compression: this.#compression,
    })
    this.#transport = transport
    log.info('Start session')
    log.info(`ACS url: ${target.origin}${target.pathname}`)
    log.info(`Events: ${codes.join(', ') || 'none'}`)
    const session = parts.createSession({
      transport,
      inform: parts.buildInform({
        deviceId: this.managementServer.deviceId,
        events,
        currentTime: localDateTime(clock.now()),
        retryCount: this.retry.retryCount,
        parameters: this.notifications.parametersOfInform(changes, codes),
      }),
      informed: () => {
        store.together(() => {
          if (isFirstContact) store.commit({ [BOOTSTRAPPED]: { url } })
          this.queue.delivered()
          this.tree.acknowledgeChanges(changes)
        })
      },
      requests: this.#requests,
      perform: (request, version) => this.perform(request, version),
      parseEnvelope: parts.parseEnvelope,
      buildEnvelope: parts.buildEnvelope,
      sessionTimeout: options.responseTimeout,
      versions: versionsOf(options.amendment),
      random: parts.random,
      log,
    })
    const outcome = await session.run()
    return isHeartbeat && !outcome.successful ? { ...outcome, retried: false } : outcome
  }

  /** The RPCs that an agent of this edition has. */
  protected get rpcs(): ReadonlyMap<string, RpcHandler> {
    const { parts, options } = this.surroundings
    const { amendment } = options
    if (amendment === undefined) return parts.rpcs
    return new Map([...parts.rpcs].filter(([name]) => hasMethod(name, amendment)))
  }

  /** An RPC of the ACS. Throws CwmpFault. */
  protected perform(request: Envelope, version: CwmpVersion): string {
    const { rpcs } = this
    return dispatch(request.body, rpcs, {
      tree: this.tree,
      version,
      session: this,
      methods: () => [...rpcs.keys()],
      service: (type) => serviceOf(this.services, type),
    })
  }

  /** On first contact the agent learns which optional methods the ACS has. */
  protected askForMethods(): void {
    const method = 'GetRPCMethods'
    if (this.#requests.some((request) => request.method === method)) return
    this.#requests.push({
      method,
      body: '<cwmp:GetRPCMethods/>',
      answered: ({ body }) => {
        this.#status.acsMethods = childNamed(body, 'MethodList')?.children.map(({ text }) => text) ?? []
      },
    })
  }

  /** After each session. True when another one is needed now. */
  protected sessionEnded(outcome: SessionOutcome): boolean {
    const { log } = this.surroundings
    this.#transport = undefined
    this.#status.sessions++
    this.#status.lastSession = outcome
    if (outcome.successful) {
      log.info('End session')
    } else {
      this.queue.failed()
      log.warning(`Session failed: ${outcome.reason}`)
    }
    for (const service of this.services) guarded(() => service.sessionEnded?.(outcome), log)
    this.#lifecycle.sessionEnded()
    log.info('Waiting the next session')
    return !this.#lifecycle.isRebootDue && outcome.successful && this.queue.isWaiting
  }

  /** In the words that operators of OpenWrt devices know. */
  #tellPeriod(): void {
    const { log } = this.surroundings
    const { enable, interval, time } = this.periodicInform
    log.info(
      enable ? `Periodic event is enabled. Interval period = ${interval}s` : 'Periodic event is disabled',
    )
    if (enable) log.info(`Periodic time is ${time === undefined ? 'Unknown' : localDateTime(time)}`)
  }

  #maskSecrets(): void {
    const { log } = this.surroundings
    log.mask(this.managementServer.credentials.password)
    log.mask(this.managementServer.connectionRequestCredentials.password)
  }
}
