import { group, type IcsItem } from './item.ts'

/** A method that every CPE has to have (table of methods in TR-069 A.3). */
function required(method: string, clause: string): IcsItem {
  return { clause, status: 'mandatory', text: `answers the ${method} RPC`, shown: [{ method }] }
}

/** A method that a CPE may have. */
function method(name: string, clause: string, more: Partial<IcsItem> = {}): IcsItem {
  return { clause, status: 'optional', text: `answers the ${name} RPC`, shown: [{ method: name }], ...more }
}

const deprecated = (name: string): Partial<IcsItem> => ({
  status: 'deprecated',
  text: `answers the deprecated ${name} RPC`,
})

/** What the ACS may call. */
export const methods = group('Methods that the ACS calls', {
  GetRPCMethods: required('GetRPCMethods', 'A.3.1.1'),
  SetParameterValues: required('SetParameterValues', 'A.3.2.1'),
  GetParameterValues: required('GetParameterValues', 'A.3.2.2'),
  GetParameterNames: required('GetParameterNames', 'A.3.2.3'),
  SetParameterAttributes: required('SetParameterAttributes', 'A.3.2.4'),
  GetParameterAttributes: required('GetParameterAttributes', 'A.3.2.5'),
  AddObject: required('AddObject', 'A.3.2.6'),
  DeleteObject: required('DeleteObject', 'A.3.2.7'),
  Reboot: required('Reboot', 'A.3.2.9'),
  FactoryReset: method('FactoryReset', 'A.4.1.6', {
    status: 'conditional',
    condition: 'required as of Amendment 6, optional before',
  }),
  FileDownload: method('Download', 'A.3.2.8', {
    status: 'conditional',
    condition: 'required of a device that downloads files, as of Amendment 6 of every device',
    text: 'downloads files of at least one type with the Download RPC',
  }),
  Upload: method('Upload', 'A.4.1.5'),
  ScheduleInform: method('ScheduleInform', 'A.4.1.2'),
  ScheduleDownload: method('ScheduleDownload', 'A.4.1.8'),
  CancelTransfer: method('CancelTransfer', 'A.4.1.9'),
  ChangeDUState: method('ChangeDUState', 'A.4.1.10', {
    text: 'answers the ChangeDUState RPC (software modules)',
    shown: [{ method: 'ChangeDUState' }, { path: 'SoftwareModules.' }],
  }),
  GetQueuedTransfers: method('GetQueuedTransfers', 'A.4.1.1', deprecated('GetQueuedTransfers')),
  GetAllQueuedTransfers: method('GetAllQueuedTransfers', 'A.4.1.7'),
  SetVouchers: method('SetVouchers', 'A.4.1.3', deprecated('SetVouchers')),
  GetOptions: method('GetOptions', 'A.4.1.4', deprecated('GetOptions')),
})

/** What the device calls without having been asked for it. */
export const ownCalls = group('Methods that the device calls of its own accord', {
  AutonomousTransferComplete: {
    clause: 'A.3.3.3',
    status: 'optional',
    text: 'tells of transfers that the ACS did not ask for, as its AutonomousTransferCompletePolicy says',
    shown: [{ path: 'ManagementServer.AutonomousTransferCompletePolicy.' }],
  },
  AutonomousDUStateChange: {
    clause: 'A.4.2.4',
    status: 'optional',
    text: 'tells of deployment units that came or went without an order of the ACS, as its DUStateChangeComplPolicy says',
    shown: [{ path: 'ManagementServer.DUStateChangeComplPolicy.' }],
  },
  RequestDownload: {
    clause: 'A.4.2.2',
    status: 'optional',
    text: 'asks the ACS for files with the RequestDownload RPC',
    shown: { unseen: 'only a device that wants a file shows it' },
  },
  Kicked: {
    clause: 'A.4.2.1',
    status: 'deprecated',
    text: 'calls the deprecated Kicked RPC when its user comes to its KickURL',
    shown: [{ path: 'ManagementServer.KickURL' }],
  },
})
