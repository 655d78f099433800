import type { ArgumentNode } from './case.ts'
import type { Choices } from './random.ts'
import { NOWHERE, PASSWORD, ROW, type SoapTarget, type WritableParameter } from './target.ts'

/** What an argument is, as far as that decides what can be wrong with it and how that may be answered. */
export type Kind =
  | 'array'
  | 'member'
  | 'readName'
  | 'path'
  | 'setName'
  | 'attributeName'
  | 'tableName'
  | 'rowName'
  | 'value'
  | 'key'
  | 'text'
  | 'optional'
  | 'access'
  | 'unsignedInt'
  | 'seconds'
  | 'notification'
  | 'int'
  | 'boolean'
  | 'fileType'
  | 'url'
  | 'mode'
  | 'voucher'
  | 'operation'

const transfer = {
  CommandKey: 'key',
  FileType: 'fileType',
  URL: 'url',
  Username: 'text',
  Password: 'text',
} as const
const download = { ...transfer, FileSize: 'unsignedInt', TargetFileName: 'text' } as const
const names = { ParameterNames: 'array', 'ParameterNames.string': 'readName' } as const

/** Every argument of every method that a CPE answers (Annex A.3 and A.4), by its path in the request. */
const argumentsOf = {
  GetRPCMethods: {},
  SetParameterValues: {
    ParameterList: 'array',
    'ParameterList.ParameterValueStruct': 'member',
    'ParameterList.ParameterValueStruct.Name': 'setName',
    'ParameterList.ParameterValueStruct.Value': 'value',
    ParameterKey: 'key',
  },
  GetParameterValues: names,
  GetParameterNames: { ParameterPath: 'path', NextLevel: 'boolean' },
  SetParameterAttributes: {
    ParameterList: 'array',
    'ParameterList.SetParameterAttributesStruct': 'member',
    'ParameterList.SetParameterAttributesStruct.Name': 'attributeName',
    'ParameterList.SetParameterAttributesStruct.NotificationChange': 'boolean',
    'ParameterList.SetParameterAttributesStruct.Notification': 'notification',
    'ParameterList.SetParameterAttributesStruct.AccessListChange': 'boolean',
    'ParameterList.SetParameterAttributesStruct.AccessList': 'array',
    'ParameterList.SetParameterAttributesStruct.AccessList.string': 'access',
  },
  GetParameterAttributes: names,
  AddObject: { ObjectName: 'tableName', ParameterKey: 'key' },
  DeleteObject: { ObjectName: 'rowName', ParameterKey: 'key' },
  Download: { ...download, DelaySeconds: 'unsignedInt', SuccessURL: 'text', FailureURL: 'text' },
  Upload: { ...transfer, DelaySeconds: 'unsignedInt' },
  Reboot: { CommandKey: 'key' },
  FactoryReset: {},
  ScheduleInform: { DelaySeconds: 'seconds', CommandKey: 'key' },
  GetQueuedTransfers: {},
  GetAllQueuedTransfers: {},
  ScheduleDownload: {
    ...download,
    TimeWindowList: 'array',
    'TimeWindowList.TimeWindowStruct': 'member',
    'TimeWindowList.TimeWindowStruct.WindowStart': 'unsignedInt',
    'TimeWindowList.TimeWindowStruct.WindowEnd': 'unsignedInt',
    'TimeWindowList.TimeWindowStruct.WindowMode': 'mode',
    'TimeWindowList.TimeWindowStruct.UserMessage': 'text',
    'TimeWindowList.TimeWindowStruct.MaxRetries': 'int',
  },
  CancelTransfer: { CommandKey: 'key' },
  ChangeDUState: {
    Operations: 'operation',
    'Operations.URL': 'optional',
    'Operations.UUID': 'optional',
    'Operations.Username': 'optional',
    'Operations.Password': 'optional',
    CommandKey: 'optional',
  },
  SetVouchers: { VoucherList: 'array', 'VoucherList.base64': 'voucher' },
  GetOptions: { OptionName: 'text' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>

export type CpeMethod = keyof typeof argumentsOf

export const cpeMethods = Object.keys(argumentsOf) as CpeMethod[]

export function isCpeMethod(name: string): name is CpeMethod {
  return Object.hasOwn(argumentsOf, name)
}

/** What the argument with that path is. */
export function kindOf(rpc: CpeMethod, path: string): Kind | undefined {
  return (argumentsOf[rpc] as Readonly<Record<string, Kind>>)[path]
}

const leaf = (name: string, text: string): ArgumentNode => ({ name, text })
const list = (name: string, array: string, children: readonly ArgumentNode[]): ArgumentNode => ({
  name,
  array,
  children,
})
const strings = (name: string, texts: readonly string[]): ArgumentNode =>
  list(
    name,
    'xsd:string',
    texts.map((text) => leaf('string', text)),
  )

/** More than a day: no transfer, download or Inform of a campaign comes of it. */
const LATER = '200000'

/** Parameters in one request: the first few choices are all that a request need have. */
const MANY = 4

/** The arguments of a request that is right, and that a device of this target can do without harm. */
export function validArguments(rpc: CpeMethod, target: SoapTarget, choices: Choices): ArgumentNode[] {
  switch (rpc) {
    case 'SetParameterValues':
      return [
        list(
          'ParameterList',
          'cwmp:ParameterValueStruct',
          someOf(target.writable, choices).map((one) => assignment(one, choices.pick(one.values))),
        ),
        leaf('ParameterKey', choices.pick(['fuzz 1', 'fuzz 2', ''])),
      ]
    case 'GetParameterValues':
    case 'GetParameterAttributes': {
      const count = 1 + choices.below(MANY)
      return [
        strings(
          'ParameterNames',
          Array.from({ length: count }, () => readable(target, choices)),
        ),
      ]
    }
    case 'GetParameterNames': {
      const nextLevel = choices.below(2) === 1
      const path = nextLevel ? choices.pick(target.objects) : readable(target, choices)
      return [leaf('ParameterPath', path), leaf('NextLevel', nextLevel ? '1' : '0')]
    }
    case 'SetParameterAttributes':
      return [
        list(
          'ParameterList',
          'cwmp:SetParameterAttributesStruct',
          someOf(target.attributable, choices).map((path) => attributes(path, choices)),
        ),
      ]
    case 'AddObject':
      return [
        leaf('ObjectName', target.table?.path ?? ''),
        leaf('ParameterKey', choices.pick(['fuzz 3', 'fuzz 4'])),
      ]
    case 'DeleteObject':
      return [
        leaf('ObjectName', `${target.table?.path ?? ''}${ROW}.`),
        leaf('ParameterKey', choices.pick(['fuzz 5', 'fuzz 6'])),
      ]
    case 'Download':
      return [
        ...transferOf(target.downloadType),
        leaf('FileSize', '0'),
        leaf('TargetFileName', 'fuzz.bin'),
        leaf('DelaySeconds', LATER),
        leaf('SuccessURL', `${NOWHERE}/success`),
        leaf('FailureURL', `${NOWHERE}/failure`),
      ]
    case 'Upload':
      return [...transferOf(target.uploadType ?? ''), leaf('DelaySeconds', LATER)]
    case 'ScheduleDownload':
      return [
        ...transferOf(target.downloadType),
        leaf('FileSize', '0'),
        leaf('TargetFileName', 'fuzz.bin'),
        list('TimeWindowList', 'cwmp:TimeWindowStruct', [window(200_000, choices), window(300_000, choices)]),
      ]
    case 'ScheduleInform':
      return [leaf('DelaySeconds', LATER), leaf('CommandKey', 'fuzz')]
    case 'Reboot':
    case 'CancelTransfer':
      return [leaf('CommandKey', 'fuzz')]
    case 'ChangeDUState':
      return [
        {
          name: 'Operations',
          type: 'cwmp:InstallOpStruct',
          children: [
            leaf('URL', NOWHERE),
            leaf('UUID', '00000000-0000-5000-8000-00000000f0f0'),
            leaf('Username', 'fuzz'),
            leaf('Password', PASSWORD),
          ],
        },
        leaf('CommandKey', 'fuzz'),
      ]
    case 'SetVouchers':
      return [list('VoucherList', 'soapenc:base64', [leaf('base64', 'bm8gdm91Y2hlcg==')])]
    case 'GetOptions':
      return [leaf('OptionName', 'Fuzz')]
    default:
      return []
  }
}

/** A parameter with a value, as SetParameterValues has it. */
export function assignment(
  { path, type }: Pick<WritableParameter, 'path' | 'type'>,
  value: string,
): ArgumentNode {
  return {
    name: 'ParameterValueStruct',
    children: [leaf('Name', path), { name: 'Value', text: value, type: `xsd:${type}` }],
  }
}

function attributes(path: string, choices: Choices): ArgumentNode {
  return {
    name: 'SetParameterAttributesStruct',
    children: [
      leaf('Name', path),
      leaf('NotificationChange', '1'),
      leaf('Notification', choices.pick(['0', '1'])),
      leaf('AccessListChange', '1'),
      strings('AccessList', ['Subscriber']),
    ],
  }
}

function transferOf(fileType: string): ArgumentNode[] {
  return [
    leaf('CommandKey', 'fuzz'),
    leaf('FileType', fileType),
    leaf('URL', NOWHERE),
    leaf('Username', 'fuzz'),
    leaf('Password', PASSWORD),
  ]
}

function window(start: number, choices: Choices): ArgumentNode {
  return {
    name: 'TimeWindowStruct',
    children: [
      leaf('WindowStart', String(start)),
      leaf('WindowEnd', String(start + 60_000)),
      leaf('WindowMode', choices.pick(['1 At Any Time', '2 Immediately'])),
      leaf('UserMessage', 'fuzz'),
      leaf('MaxRetries', choices.pick(['0', '-1', '3'])),
    ],
  }
}

function readable({ parameters, objects }: SoapTarget, choices: Choices): string {
  return choices.below(4) === 3 ? choices.pick(objects) : choices.pick(parameters)
}

/** Some of a list, each at most once: one at least, and no more than a request need have. */
function someOf<T>(all: readonly T[], choices: Choices): T[] {
  const from = choices.below(all.length)
  const count = 1 + choices.below(Math.min(MANY, all.length))
  return Array.from({ length: count }, (_, index) => all[(from + index) % all.length] as T)
}
