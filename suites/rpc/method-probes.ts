import type { AcsSession, ScriptedAcs } from '../../harness/acs/acs.ts'
import {
  type CwmpFault,
  isFault,
  isRpcName,
  MESSAGES,
  type RequestOf,
  type RpcName,
} from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { callAltered } from './altered-request.ts'
import { noSuchObject, noSuchParameter } from './parameter-names.ts'

/** Asks whether a method is there, with arguments that change nothing on any device. */

/** CPE methods that a CPE need not have, and the item of the statement (ICS) that claims them. */
const icsItems = {
  FactoryReset: 'FactoryReset',
  Download: 'FileDownload',
  Upload: 'Upload',
  ScheduleInform: 'ScheduleInform',
  ScheduleDownload: 'ScheduleDownload',
  CancelTransfer: 'CancelTransfer',
  ChangeDUState: 'ChangeDUState',
  GetQueuedTransfers: 'GetQueuedTransfers',
  GetAllQueuedTransfers: 'GetAllQueuedTransfers',
  SetVouchers: 'SetVouchers',
  GetOptions: 'GetOptions',
} as const satisfies Partial<Record<RpcName, keyof Profile['ics']>>

export type OptionalMethod = keyof typeof icsItems

export const optionalMethods = Object.keys(icsItems) as OptionalMethod[]

export function claimedByIcs(ics: Profile['ics'], method: OptionalMethod): boolean {
  return ics[icsItems[method]]
}

interface Device {
  readonly session: AcsSession
  readonly acs: ScriptedAcs
  readonly pixit: Profile['pixit']
  readonly root: string
}

/**
 * Calls the method and returns the fault that came, undefined for a response. Nothing is asked where nobody could say what
 * the call would do: Reboot, FactoryReset and methods that are not of TR-069.
 */
export async function answersTo(device: Device, method: string): Promise<CwmpFault | undefined> {
  if (!isRpcName(method)) return undefined
  const { session } = device
  // A method of the ACS alone: whatever its arguments, no CPE supports it.
  if (MESSAGES[method].callee === 'acs')
    return faultOf(
      await callAltered(device, 'GetRPCMethods', {}, (xml) => xml.replace('GetRPCMethods', method)),
    )
  const args = harmlessArguments(device)[method]
  if (args === undefined) return undefined
  return faultOf(await session.call(method, args as RequestOf<typeof method>))
}

function faultOf(answer: object): CwmpFault | undefined {
  return isFault(answer) ? answer : undefined
}

type Arguments = { readonly [N in RpcName]?: RequestOf<N> }

/** Requests that are complete, and ask for nothing or for something that is refused. */
function harmlessArguments({ pixit, root }: Device): Arguments {
  const CommandKey = 'conformance-none'
  const transfer = {
    CommandKey,
    FileType: 'X 000000 conformance none',
    URL: 'http://127.0.0.1:9/none',
    Username: '',
    Password: '',
  }
  const unknown = noSuchParameter(root)
  return {
    GetRPCMethods: {},
    SetParameterValues: {
      ParameterList: [{ Name: unknown, Value: '', type: 'xsd:string' }],
      ParameterKey: '',
    },
    GetParameterValues: { ParameterNames: [pixit.parameters.readOnly.path] },
    GetParameterNames: { ParameterPath: root, NextLevel: true },
    SetParameterAttributes: {
      ParameterList: [
        {
          Name: unknown,
          NotificationChange: false,
          Notification: 0,
          AccessListChange: false,
          AccessList: [],
        },
      ],
    },
    GetParameterAttributes: { ParameterNames: [pixit.parameters.readOnly.path] },
    AddObject: { ObjectName: noSuchObject(root), ParameterKey: '' },
    DeleteObject: { ObjectName: `${noSuchObject(root)}1.`, ParameterKey: '' },
    Download: {
      ...transfer,
      FileSize: 0,
      TargetFileName: '',
      DelaySeconds: 0,
      SuccessURL: '',
      FailureURL: '',
    },
    Upload: { ...transfer, DelaySeconds: 0 },
    ScheduleInform: { DelaySeconds: 0, CommandKey },
    GetQueuedTransfers: {},
    GetAllQueuedTransfers: {},
    ScheduleDownload: { ...transfer, FileSize: 0, TargetFileName: '', TimeWindowList: [] },
    CancelTransfer: { CommandKey },
    ChangeDUState: { Operations: [], CommandKey },
    SetVouchers: { VoucherList: [] },
    GetOptions: { OptionName: '' },
  }
}
