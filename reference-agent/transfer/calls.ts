/** The calls by which the ACS learns of transfers (TR-069 A.3.3.2, A.3.3.3). */
import { escapeXml, xmlText } from '../soap/soap.ts'
import { reportedFileType } from './file-types.ts'
import type { TransferRecord } from './record.ts'

export const UNKNOWN_TIME = '0001-01-01T00:00:00Z'

/** A device time as dateTime in UTC, the Unknown Time for none. */
function dateTime(milliseconds: number | undefined): string {
  return milliseconds === undefined ? UNKNOWN_TIME : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

function outcome({ fault, startTime, completeTime }: TransferRecord): string {
  const text = xmlText(fault?.text ?? '')
  return [
    `<FaultStruct><FaultCode>${fault?.code ?? 0}</FaultCode><FaultString>${escapeXml(text)}</FaultString></FaultStruct>`,
    `<StartTime>${dateTime(startTime)}</StartTime><CompleteTime>${dateTime(completeTime)}</CompleteTime>`,
  ].join('')
}

/** Reports a transfer that the ACS ordered. */
export function transferComplete(record: TransferRecord): string {
  const key = escapeXml(record.commandKey)
  return `<cwmp:TransferComplete><CommandKey>${key}</CommandKey>${outcome(record)}</cwmp:TransferComplete>`
}

/** Reports a transfer of the device's own. */
export function autonomousTransferComplete(record: TransferRecord): string {
  const { announceUrl, url, isDownload, size = 0, targetFileName } = record
  return [
    `<cwmp:AutonomousTransferComplete><AnnounceURL>${escapeXml(announceUrl)}</AnnounceURL>`,
    `<TransferURL>${escapeXml(url)}</TransferURL><IsDownload>${isDownload ? 1 : 0}</IsDownload>`,
    `<FileType>${reportedFileType(record)}</FileType><FileSize>${size}</FileSize>`,
    `<TargetFileName>${escapeXml(targetFileName)}</TargetFileName>${outcome(record)}</cwmp:AutonomousTransferComplete>`,
  ].join('')
}
