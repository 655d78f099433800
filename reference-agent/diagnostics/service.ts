import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'
import type { Diagnostic, DiagnosticResult, TestParameters } from './diagnostic.ts'
import type { Network } from './network.ts'

const STATE = 'DiagnosticsState'

/** A test that somebody asked for. */
interface Run {
  diagnostic: Diagnostic
  /** The ACS has, and is told of the end. */
  byAcs: boolean
  begun: boolean
  abort: AbortController
}

/**
 * Runs the tests behind every DiagnosticsState (TR-106, TR-069 A.3.2.1): Requested starts one, after the session in which it was asked for; Canceled and a change of a
 * test parameter end it with None; its own end brings 8 DIAGNOSTICS COMPLETE. Nothing of a test outlives a reboot.
 */
export class DiagnosticsService implements CpeService {
  protected readonly device: Device
  protected readonly network: Network
  protected readonly diagnostics: readonly Diagnostic[]
  readonly #runs = new Map<string, Run>()
  /** What changes now are results, not wishes. */
  #isReporting = false

  /** Tests whose object the data model of this device does not have are left out. */
  constructor(device: Device, diagnostics: readonly Diagnostic[], network: Network) {
    this.device = device
    this.network = network
    this.diagnostics = diagnostics.filter(({ path }) => device.tree.get(path + STATE))
  }

  start(): void {
    for (const diagnostic of this.diagnostics) {
      this.forget(diagnostic)
      this.device.tree.guard(diagnostic.path + STATE, (value, after) =>
        value === 'Requested'
          ? diagnostic.objection(parametersFrom((name) => after(diagnostic.path + name)))
          : undefined,
      )
    }
  }

  stop(): void {
    for (const { path } of this.diagnostics) this.abandon(path)
  }

  changed({ path, cause, together }: ParameterChange): void {
    if (this.#isReporting) return
    const diagnostic = this.diagnostics.find((each) => path.startsWith(each.path))
    if (!diagnostic) return
    if (path === diagnostic.path + STATE) this.stateWritten(diagnostic, cause === 'acs')
    else if (!together.includes(diagnostic.path + STATE)) this.parameterWritten(diagnostic)
  }

  bootstrapped(): void {
    for (const diagnostic of this.diagnostics) {
      if (this.#runs.has(diagnostic.path)) this.endWithNone(diagnostic)
    }
  }

  sessionEnded(): void {
    for (const run of this.#runs.values()) this.begin(run)
  }

  protected stateWritten(diagnostic: Diagnostic, byAcs: boolean): void {
    const { path } = diagnostic
    if (this.state(diagnostic) !== 'Requested') {
      this.endWithNone(diagnostic)
      return
    }
    this.abandon(path)
    const run = { diagnostic, byAcs, begun: false, abort: new AbortController() }
    this.#runs.set(path, run)
    if (!this.waitsForSession()) this.begin(run)
  }

  /** Whether a test that is asked for now has to wait until the session is over. */
  protected waitsForSession(): boolean {
    return this.device.inSession
  }

  /** A test parameter has another value than the results stand for. */
  protected parameterWritten(diagnostic: Diagnostic): void {
    this.endWithNone(diagnostic)
  }

  protected begin(run: Run): void {
    if (run.begun) return
    run.begun = true
    const { diagnostic, abort } = run
    const { tree, clock } = this.device
    this.log.info('begins', diagnostic)
    this.report(() => tree.clearLocally(diagnostic.path))
    const now = new Map(
      tree
        .getParameters(diagnostic.path)
        .map(({ path, value }) => [path.slice(diagnostic.path.length), value]),
    )
    const parameters = parametersFrom((name) => now.get(name) ?? '')
    diagnostic
      .run({ parameters, clock, network: this.network, signal: abort.signal })
      .catch((error: Error): DiagnosticResult => {
        this.log.error(`${error.stack}`, diagnostic)
        return { state: 'Error_Internal' }
      })
      .then((result) => {
        if (!abort.signal.aborted) this.end(run, result)
      })
      .catch((error: Error) => this.log.error(`${error.stack}`, diagnostic))
  }

  /** A test has come to its end by itself. */
  protected end({ diagnostic, byAcs }: Run, { state, values = {}, rows = {} }: DiagnosticResult): void {
    const { path } = diagnostic
    const { tree, store } = this.device
    this.log.info(`ends: ${state}`, diagnostic)
    this.#runs.delete(path)
    store.together(() => {
      this.report(() => {
        for (const [table, all] of Object.entries(rows)) {
          for (const row of all) tree.addRowLocally(`${path}${table}.`, row)
        }
        const named = Object.entries({ ...values, [STATE]: state })
        tree.setAllLocally(Object.fromEntries(named.map(([name, value]) => [path + name, value])))
      })
      if (byAcs) this.device.occurred('8 DIAGNOSTICS COMPLETE')
    })
  }

  /** No test runs or is to run, and there are no results. */
  protected endWithNone(diagnostic: Diagnostic): void {
    this.abandon(diagnostic.path)
    this.report(() => this.device.tree.setLocally(diagnostic.path + STATE, 'None'))
  }

  /** After a reboot: results are gone, and nobody is told that they were there. */
  protected forget(diagnostic: Diagnostic): void {
    const { tree } = this.device
    if (this.state(diagnostic) === 'None') return
    this.report(() => {
      tree.clearLocally(diagnostic.path)
      tree.setLocally(diagnostic.path + STATE, 'None')
    })
  }

  protected abandon(path: string): void {
    this.#runs.get(path)?.abort.abort()
    this.#runs.delete(path)
  }

  protected state({ path }: Diagnostic): string {
    return this.device.tree.get(path + STATE)?.value ?? ''
  }

  private report(write: () => void): void {
    this.#isReporting = true
    try {
      write()
    } finally {
      this.#isReporting = false
    }
  }

  private get log() {
    const log = this.device.log.about('diagnostics')
    return {
      info: (text: string, { path }: Diagnostic) => log.info(`${path} ${text}`),
      error: (text: string, { path }: Diagnostic) => log.error(`${path} ${text}`),
    }
  }
}

function parametersFrom(text: (name: string) => string): TestParameters {
  return { text, number: (name) => Number(text(name)) }
}
