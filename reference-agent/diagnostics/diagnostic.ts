/** What one diagnosis is to the service that runs it. */
import type { Clock } from '../platform/platform.ts'
import type { Network } from './network.ts'

/** Its test parameters, by name. */
export interface TestParameters {
  text(name: string): string
  number(name: string): number
}

export interface DiagnosticContext {
  /** As they were when the test began. */
  readonly parameters: TestParameters
  readonly clock: Clock
  readonly network: Network
  /** Nobody waits for the result any more. */
  readonly signal: AbortSignal
}

export interface DiagnosticResult {
  /** The final DiagnosticsState: Complete or an error. */
  state: string
  /** Result parameters, by name. */
  values?: Readonly<Record<string, string>>
  /** Rows of result tables, by the name of the table. */
  rows?: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
}

export interface Diagnostic {
  /** The object with its DiagnosticsState, such as `Device.IP.Diagnostics.IPPing.`. */
  readonly path: string
  /** Why the test cannot be run with these parameters, so that the SetParameterValues that asks for it is refused; undefined when it can. */
  objection(parameters: TestParameters): string | undefined
  /** Measures. Resolves with the result, an error state included; a rejection counts as Error_Internal. */
  run(context: DiagnosticContext): Promise<DiagnosticResult>
}

/** `dateTime` in UTC to the microsecond, for a moment of a Clock in milliseconds. */
export function preciseTime(milliseconds: number): string {
  const whole = Math.floor(milliseconds)
  const micros = Math.floor((milliseconds - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}
