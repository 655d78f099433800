import {
  arrayOf,
  base64s,
  boolean,
  choice,
  dateTime,
  type Fields,
  int,
  optional,
  repeated,
  string,
  strings,
  struct,
  unsignedInt,
  type ValuesOf,
  value,
} from './fields.ts'
import type { CwmpVersion } from './namespaces.ts'

/** One RPC: who implements it (`cpe`: called by the ACS), since which protocol version, and its arguments. */
interface Rpc {
  callee: 'cpe' | 'acs' | 'both'
  since: CwmpVersion
  request: Fields
  response: Fields
}

const NOTHING = {} as const
const PARAMETER_VALUE = { Name: string, Value: value } as const
const PARAMETER_LIST = arrayOf('ParameterValueStruct', PARAMETER_VALUE)
const EVENT = { EventCode: string, CommandKey: string } as const
const DEVICE_ID = { Manufacturer: string, OUI: string, ProductClass: string, SerialNumber: string } as const
const FAULT_STRUCT = struct({ FaultCode: unsignedInt, FaultString: string })
const PARAMETER_INFO = { Name: string, Writable: boolean } as const
const SET_ATTRIBUTES = {
  Name: string,
  NotificationChange: boolean,
  Notification: int,
  AccessListChange: boolean,
  AccessList: strings,
} as const
const ATTRIBUTES = { Name: string, Notification: int, AccessList: strings } as const
const TIME_WINDOW = {
  WindowStart: unsignedInt,
  WindowEnd: unsignedInt,
  WindowMode: string,
  UserMessage: string,
  MaxRetries: int,
} as const
const QUEUED_TRANSFER = { CommandKey: string, State: int } as const
const ANY_QUEUED_TRANSFER = {
  CommandKey: string,
  State: int,
  IsDownload: boolean,
  FileType: string,
  FileSize: unsignedInt,
  TargetFileName: string,
} as const
const OPTION = {
  OptionName: string,
  VoucherSN: unsignedInt,
  State: unsignedInt,
  Mode: int,
  StartDate: dateTime,
  ExpirationDate: optional(dateTime),
  IsTransferable: int,
} as const
const OPERATION = choice({
  InstallOpStruct: {
    URL: string,
    UUID: optional(string),
    Username: optional(string),
    Password: optional(string),
    ExecutionEnvRef: optional(string),
  },
  UpdateOpStruct: {
    UUID: optional(string),
    Version: optional(string),
    URL: optional(string),
    Username: optional(string),
    Password: optional(string),
  },
  UninstallOpStruct: { UUID: string, Version: optional(string), ExecutionEnvRef: optional(string) },
})
const OPERATION_RESULT = {
  UUID: string,
  DeploymentUnitRef: string,
  Version: string,
  CurrentState: string,
  Resolved: boolean,
  ExecutionUnitRefList: string,
  StartTime: dateTime,
  CompleteTime: dateTime,
  Fault: struct({ FaultCode: unsignedInt, FaultString: optional(string) }),
} as const
const TRANSFER_STATUS = { Status: int, StartTime: dateTime, CompleteTime: dateTime } as const

/** Every RPC of CWMP 1.0 to 1.4 (Annex A.3 and A.4). Encoder, decoder and argument types come from this one table. */
export const MESSAGES = {
  GetRPCMethods: { callee: 'both', since: '1.0', request: NOTHING, response: { MethodList: strings } },
  SetParameterValues: {
    callee: 'cpe',
    since: '1.0',
    request: { ParameterList: PARAMETER_LIST, ParameterKey: string },
    response: { Status: int },
  },
  GetParameterValues: {
    callee: 'cpe',
    since: '1.0',
    request: { ParameterNames: strings },
    response: { ParameterList: PARAMETER_LIST },
  },
  GetParameterNames: {
    callee: 'cpe',
    since: '1.0',
    request: { ParameterPath: string, NextLevel: boolean },
    response: { ParameterList: arrayOf('ParameterInfoStruct', PARAMETER_INFO) },
  },
  SetParameterAttributes: {
    callee: 'cpe',
    since: '1.0',
    request: { ParameterList: arrayOf('SetParameterAttributesStruct', SET_ATTRIBUTES) },
    response: NOTHING,
  },
  GetParameterAttributes: {
    callee: 'cpe',
    since: '1.0',
    request: { ParameterNames: strings },
    response: { ParameterList: arrayOf('ParameterAttributeStruct', ATTRIBUTES) },
  },
  AddObject: {
    callee: 'cpe',
    since: '1.0',
    request: { ObjectName: string, ParameterKey: string },
    response: { InstanceNumber: unsignedInt, Status: int },
  },
  DeleteObject: {
    callee: 'cpe',
    since: '1.0',
    request: { ObjectName: string, ParameterKey: string },
    response: { Status: int },
  },
  Download: {
    callee: 'cpe',
    since: '1.0',
    request: {
      CommandKey: string,
      FileType: string,
      URL: string,
      Username: string,
      Password: string,
      FileSize: unsignedInt,
      TargetFileName: string,
      DelaySeconds: unsignedInt,
      SuccessURL: string,
      FailureURL: string,
    },
    response: TRANSFER_STATUS,
  },
  Upload: {
    callee: 'cpe',
    since: '1.0',
    request: {
      CommandKey: string,
      FileType: string,
      URL: string,
      Username: string,
      Password: string,
      DelaySeconds: unsignedInt,
    },
    response: TRANSFER_STATUS,
  },
  Reboot: { callee: 'cpe', since: '1.0', request: { CommandKey: string }, response: NOTHING },
  FactoryReset: { callee: 'cpe', since: '1.0', request: NOTHING, response: NOTHING },
  ScheduleInform: {
    callee: 'cpe',
    since: '1.0',
    request: { DelaySeconds: unsignedInt, CommandKey: string },
    response: NOTHING,
  },
  GetQueuedTransfers: {
    callee: 'cpe',
    since: '1.0',
    request: NOTHING,
    response: { TransferList: arrayOf('QueuedTransferStruct', QUEUED_TRANSFER) },
  },
  SetVouchers: { callee: 'cpe', since: '1.0', request: { VoucherList: base64s }, response: NOTHING },
  GetOptions: {
    callee: 'cpe',
    since: '1.0',
    request: { OptionName: string },
    response: { OptionList: arrayOf('OptionStruct', OPTION) },
  },
  GetAllQueuedTransfers: {
    callee: 'cpe',
    since: '1.1',
    request: NOTHING,
    response: { TransferList: arrayOf('AllQueuedTransferStruct', ANY_QUEUED_TRANSFER) },
  },
  ScheduleDownload: {
    callee: 'cpe',
    since: '1.2',
    request: {
      CommandKey: string,
      FileType: string,
      URL: string,
      Username: string,
      Password: string,
      FileSize: unsignedInt,
      TargetFileName: string,
      TimeWindowList: arrayOf('TimeWindowStruct', TIME_WINDOW),
    },
    response: NOTHING,
  },
  CancelTransfer: { callee: 'cpe', since: '1.2', request: { CommandKey: string }, response: NOTHING },
  ChangeDUState: {
    callee: 'cpe',
    since: '1.2',
    request: { Operations: repeated(OPERATION), CommandKey: optional(string) },
    response: NOTHING,
  },
  Inform: {
    callee: 'acs',
    since: '1.0',
    request: {
      DeviceId: struct(DEVICE_ID),
      Event: arrayOf('EventStruct', EVENT),
      MaxEnvelopes: unsignedInt,
      CurrentTime: dateTime,
      RetryCount: unsignedInt,
      ParameterList: PARAMETER_LIST,
    },
    response: { MaxEnvelopes: unsignedInt },
  },
  TransferComplete: {
    callee: 'acs',
    since: '1.0',
    request: { CommandKey: string, FaultStruct: FAULT_STRUCT, StartTime: dateTime, CompleteTime: dateTime },
    response: NOTHING,
  },
  AutonomousTransferComplete: {
    callee: 'acs',
    since: '1.1',
    request: {
      AnnounceURL: string,
      TransferURL: string,
      IsDownload: boolean,
      FileType: string,
      FileSize: unsignedInt,
      TargetFileName: string,
      FaultStruct: FAULT_STRUCT,
      StartTime: dateTime,
      CompleteTime: dateTime,
    },
    response: NOTHING,
  },
  Kicked: {
    callee: 'acs',
    since: '1.0',
    request: { Command: string, Referer: string, Arg: string, Next: string },
    response: { NextURL: string },
  },
  RequestDownload: {
    callee: 'acs',
    since: '1.0',
    request: { FileType: string, FileTypeArg: arrayOf('ArgStruct', { Name: string, Value: string }) },
    response: NOTHING,
  },
  DUStateChangeComplete: {
    callee: 'acs',
    since: '1.2',
    request: { Results: repeated(struct(OPERATION_RESULT)), CommandKey: optional(string) },
    response: NOTHING,
  },
  AutonomousDUStateChangeComplete: {
    callee: 'acs',
    since: '1.2',
    request: { Results: repeated(struct({ ...OPERATION_RESULT, OperationPerformed: string })) },
    response: NOTHING,
  },
} as const satisfies Record<string, Rpc>

/** The arguments of every RPC, spelled as in the standard. */
export type CwmpMessages = {
  [N in keyof typeof MESSAGES]: {
    request: ValuesOf<(typeof MESSAGES)[N]['request']>
    response: ValuesOf<(typeof MESSAGES)[N]['response']>
  }
}

export type RpcName = keyof CwmpMessages
export type RequestOf<N extends RpcName> = CwmpMessages[N]['request']
export type ResponseOf<N extends RpcName> = CwmpMessages[N]['response']

/**
 * A parameter with its value. `type` is the xsi:type: `xsd:…` or `soapenc:…` by namespace URI whatever prefix the
 * sender used, `{uri}name` for any other namespace, and '' when the attribute is absent.
 */
export type ParameterValueStruct = ValuesOf<typeof PARAMETER_VALUE>
export type EventStruct = ValuesOf<typeof EVENT>
export type DeviceIdStruct = ValuesOf<typeof DEVICE_ID>
export type ParameterInfoStruct = ValuesOf<typeof PARAMETER_INFO>
export type ParameterAttributeStruct = ValuesOf<typeof ATTRIBUTES>
export type SetParameterAttributesStruct = ValuesOf<typeof SET_ATTRIBUTES>

/** Whether the name is that of a standard RPC (a vendor's own `X_…` method is not). */
export function isRpcName(name: string): name is RpcName {
  return Object.hasOwn(MESSAGES, name)
}
