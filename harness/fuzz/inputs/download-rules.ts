import type { Wrong } from '../campaign/field.ts'
import type { DownloadMessage, DownloadRule } from './download-language.ts'

/** Codes for a file that is no good, in TransferComplete or as a fault of Download (TR-069 A.5.1, A.3.2.8), besides those of its maker. */
const refusals = [9001, 9002, 9010, 9016, 9017, 9018, 9019]
/** Of a configuration file that is none TP-181 expects this one in TransferComplete, which the schema does not have there: either is taken. */
const configurationRefusal = 9003
/** Those that only the fault of the request itself may have. */
const earlyRefusals = [9000, 9003, 9004, 9013]

/** What became of a download. */
export interface DownloadEnd {
  /** 0 for success. */
  readonly faultCode: number
  /** Whether Download was refused, as opposed to a transfer that failed. */
  readonly isRefused: boolean
}

export function answerOfDownload({ faultCode, isRefused }: DownloadEnd): string {
  return isRefused ? `fault ${faultCode}` : String(faultCode)
}

/** Of all changes the gravest. */
export function combinedDownload(rules: readonly DownloadRule[]): DownloadRule['effect'] {
  const effects = rules.map(({ effect }) => effect)
  return effects.includes('rubbish') ? 'rubbish' : effects.includes('damaged') ? 'damaged' : 'taken'
}

/** The oracle: what may be taken, and with which codes it is refused. */
export function judgeDownload(
  kind: DownloadMessage['kind'],
  effect: DownloadRule['effect'],
  end: DownloadEnd,
): Wrong | undefined {
  const { faultCode, isRefused } = end
  const mayFail = kind === 'firmware' || effect !== 'taken'
  // Nobody but its maker knows what else a device takes for a configuration.
  const mayWork = kind === 'configuration'
  const codes = [...refusals, ...(isRefused ? earlyRefusals : mayWork ? [configurationRefusal] : [])]
  const isVendors = faultCode >= 9800 && faultCode <= 9899
  const isRefusal = isVendors || codes.includes(faultCode)
  if (faultCode === 0 ? mayWork : mayFail && isRefusal) return undefined
  return {
    kind: 'answer',
    expected: [...(mayWork ? ['0'] : []), ...(mayFail ? [...codes.map(String), '9800 to 9899'] : [])],
    actual: answerOfDownload(end),
    clause: 'TR-069 A.3.2.8, A.3.3.2: TransferComplete tells what became of a file',
    level: 'MUST',
  }
}
