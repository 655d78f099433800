import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { Diagnostic, DiagnosticResult } from '../../../../reference-agent/diagnostics/diagnostic.ts'
import type { DiagnosticsService } from '../../../../reference-agent/diagnostics/service.ts'
import { alterDeviceOf, alterService } from './service.ts'

/** Means to break diagnostics, from outside. */

interface Run {
  readonly diagnostic: Diagnostic
}

/** Changes what a test has found before it is stored. */
export function alterResults(
  parts: AgentParts,
  alter: (result: DiagnosticResult, diagnostic: Diagnostic) => DiagnosticResult,
): void {
  alterService<DiagnosticsService>(parts, 'Diagnostics', (proper) => ({
    end: (run: Run, result: DiagnosticResult) => proper.end?.(run, alter(result, run.diagnostic)),
  }))
}

/** Changes single results of a test, by name. */
export function alterValues(
  parts: AgentParts,
  values: (present: Readonly<Record<string, string>>) => Record<string, string>,
): void {
  alterResults(parts, (result) => ({
    ...result,
    values: { ...result.values, ...values(result.values ?? {}) },
  }))
}

/** Has another final state in place of one. */
export function alterState(parts: AgentParts, from: RegExp, to: string): void {
  alterResults(parts, (result) => (from.test(result.state) ? { ...result, state: to } : result))
}

/** Puts something in place of the event that tells the end of a test. */
export function alterEvent(parts: AgentParts, occurred: (properly: () => void) => void): void {
  alterDeviceOf(parts, 'Diagnostics', (device) => ({
    occurred: (code, commandKey) => {
      if (code === '8 DIAGNOSTICS COMPLETE') occurred(() => device.occurred(code, commandKey))
      else device.occurred(code, commandKey)
    },
  }))
}
