import type { Permit, Row } from './row.ts'

/** Faults that each method may have (A.3, A.4, A.5); `vendor` stands for 9800 to 9899. Codes of single parameters are in none. */
export const refusals: Readonly<Record<string, readonly Permit[]>> = {
  GetRPCMethods: ['9001', '9002', '9003', 'vendor'],
  SetParameterValues: ['9001', '9002', '9003', '9004', 'vendor'],
  GetParameterValues: ['9001', '9002', '9003', '9004', '9005', 'vendor'],
  GetParameterNames: ['9001', '9002', '9003', '9005', 'vendor'],
  SetParameterAttributes: ['9001', '9002', '9003', '9004', '9005', '9009', 'vendor'],
  GetParameterAttributes: ['9001', '9002', '9003', '9004', '9005', 'vendor'],
  AddObject: ['9001', '9002', '9003', '9004', '9005', 'vendor'],
  DeleteObject: ['9001', '9002', '9003', '9005', 'vendor'],
  Download: [
    '9001',
    '9002',
    '9003',
    '9004',
    '9010',
    '9012',
    '9013',
    '9014',
    '9015',
    '9016',
    '9017',
    '9018',
    '9019',
    'vendor',
  ],
  Upload: ['9001', '9002', '9003', '9004', '9011', '9012', '9013', 'vendor'],
  Reboot: ['9001', '9002', '9003', 'vendor'],
  FactoryReset: ['9001', '9002', '9003', 'vendor'],
  ScheduleInform: ['9001', '9002', '9003', '9004', 'vendor'],
  ScheduleDownload: ['9001', '9002', '9003', '9004', '9010', '9013', 'vendor'],
  CancelTransfer: ['9001', '9002', '9003', '9021', 'vendor'],
  GetQueuedTransfers: ['9001', '9002', '9003', 'vendor'],
  GetAllQueuedTransfers: ['9001', '9002', '9003', 'vendor'],
  ChangeDUState: ['9001', '9002', '9003', '9004', 'vendor'],
  SetVouchers: ['9001', '9002', '9003', '9004', 'vendor'],
  GetOptions: ['9001', '9002', '9003', 'vendor'],
}

/** Where the standard says what a method does. */
export const clauses: Readonly<Record<string, string>> = {
  GetRPCMethods: 'TR-069 A.3.1.1',
  SetParameterValues: 'TR-069 A.3.2.1',
  GetParameterValues: 'TR-069 A.3.2.2',
  GetParameterNames: 'TR-069 A.3.2.3',
  SetParameterAttributes: 'TR-069 A.3.2.4',
  GetParameterAttributes: 'TR-069 A.3.2.5',
  AddObject: 'TR-069 A.3.2.6',
  DeleteObject: 'TR-069 A.3.2.7',
  Download: 'TR-069 A.3.2.8',
  Reboot: 'TR-069 A.3.2.9',
  GetQueuedTransfers: 'TR-069 A.4.1.1',
  ScheduleInform: 'TR-069 A.4.1.2',
  SetVouchers: 'TR-069 A.4.1.3',
  GetOptions: 'TR-069 A.4.1.4',
  Upload: 'TR-069 A.4.1.5',
  FactoryReset: 'TR-069 A.4.1.6',
  GetAllQueuedTransfers: 'TR-069 A.4.1.7',
  ScheduleDownload: 'TR-069 A.4.1.8',
  CancelTransfer: 'TR-069 A.4.1.9',
  ChangeDUState: 'TR-069 A.4.1.10',
}

/** Requests in which nothing is wrong. */
export const validRows: readonly Row[] = [
  {
    breakages: ['not supported'],
    permits: ['9000'],
    clause: 'TR-069 A.3.1.1, A.5: what GetRPCMethods does not list is not supported',
  },
  // A table may be full, a queue too; many values may be more than one answer holds.
  {
    rpcs: ['GetParameterValues', 'GetParameterAttributes', 'AddObject', 'ScheduleInform'],
    breakages: ['none'],
    permits: ['response', '9004'],
  },
  { rpcs: ['Download'], breakages: ['none'], permits: ['response', '9001', '9004', '9010'] },
  { rpcs: ['Upload'], breakages: ['none'], permits: ['response', '9001', '9004', '9011'] },
  { rpcs: ['ScheduleDownload'], breakages: ['none'], permits: ['response', '9001', '9004', '9010'] },
  { rpcs: ['CancelTransfer'], breakages: ['none'], permits: ['response', '9021'] },
  { rpcs: ['ChangeDUState'], breakages: ['none'], permits: ['response', '9001', '9004'] },
  // Without the secret of its maker nobody can make a voucher that a device must take.
  { rpcs: ['SetVouchers'], breakages: ['none'], permits: ['9001', '9002', '9003', '9004', 'vendor'] },
  { rpcs: ['GetOptions'], breakages: ['none'], permits: ['response', '9003'] },
  {
    rpcs: [
      'GetRPCMethods',
      'SetParameterValues',
      'SetParameterAttributes',
      'GetParameterNames',
      'DeleteObject',
      'Reboot',
      'FactoryReset',
      'GetQueuedTransfers',
      'GetAllQueuedTransfers',
    ],
    breakages: ['none'],
    permits: ['response'],
  },
]
