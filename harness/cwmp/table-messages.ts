import {
  AT_1_0,
  AT_1_1,
  bad,
  change,
  good,
  INFORM,
  long,
  request,
  response,
  type TableEntry,
} from './table-entry.ts'

const GPV = response('GetParameterValues')
const SPV = request('SetParameterValues')
const SPA = request('SetParameterAttributes')
const DOWNLOAD = request('Download')
const CHANGE_DU = request('ChangeDUState')
const DU_COMPLETE = request('DUStateChangeComplete')
const TRANSFER_COMPLETE = request('TransferComplete')
const COUNT_IS_CODE = 'the number in arrayType is beyond a schema; we count in code'

/** Arguments of Inform. */
export const inform: TableEntry[] = [
  good(
    '64 events',
    INFORM.replace(
      /<EventStruct>.*<\/EventStruct>/,
      '<EventStruct><EventCode>M Download</EventCode><CommandKey/></EventStruct>'.repeat(64),
    ).replace('EventStruct[2]', 'EventStruct[64]'),
  ),
  good(
    'no parameter',
    change(
      INFORM,
      /<ParameterList .*<\/ParameterList>/,
      '<ParameterList soapenc:arrayType="cwmp:ParameterValueStruct[0]"/>',
    ),
  ),
  good('14 HEARTBEAT', change(INFORM, '1 BOOT', '14 HEARTBEAT')),
  good('event of a vendor', change(INFORM, '1 BOOT', 'X 00AABB Something happened')),
  good('time without offset', change(INFORM, '+02:00', '')),
  bad(
    '65 events',
    change(INFORM, 'EventStruct[2]', 'EventStruct[65]'),
    /<EventStruct>.*<\/EventStruct>/,
    '<EventStruct><EventCode>M Download</EventCode><CommandKey/></EventStruct>'.repeat(65),
  ),
  bad('OUI in small letters', INFORM, '00AABB', '00aabb'),
  bad('OUI of seven digits', INFORM, '00AABB', '00AABB0'),
  bad('no ProductClass', INFORM, /<ProductClass>.*<\/ProductClass>/, ''),
  bad('Manufacturer of 65 characters', INFORM, '>Example<', `>${long(65)}<`),
  good('Manufacturer of 64 characters', change(INFORM, '>Example<', `>${'ü'.repeat(64)}<`)),
  bad(
    'DeviceId in another order',
    INFORM,
    /(<ProductClass>.*<\/ProductClass>)(<SerialNumber>.*<\/SerialNumber>)/,
    '$2$1',
  ),
  bad('event code without a number', INFORM, '1 BOOT', 'BOOT'),
  bad('event code with two blanks', INFORM, '1 BOOT', '1  BOOT'),
  bad('event code without a name', INFORM, '1 BOOT', '1'),
  bad('event code of 65 characters', INFORM, '1 BOOT', `1 ${long(63)}`),
  bad('CommandKey of 33 characters', INFORM, 'reboot-1', long(33)),
  bad('no CommandKey', INFORM, '<CommandKey/>', ''),
  bad('MaxEnvelopes below zero', INFORM, '<MaxEnvelopes>1', '<MaxEnvelopes>-1'),
  bad('CurrentTime in words', INFORM, '2024-01-01T12:00:00+02:00', 'yesterday'),
  bad('CurrentTime without seconds', INFORM, '12:00:00', '12:00'),
  bad('CurrentTime in a month 13', INFORM, '2024-01', '2024-13'),
  bad('no RetryCount', INFORM, '<RetryCount>0</RetryCount>', ''),
  bad(
    'RetryCount twice',
    INFORM,
    '<RetryCount>0</RetryCount>',
    '<RetryCount>0</RetryCount><RetryCount>0</RetryCount>',
  ),
  bad('unknown argument', INFORM, '<RetryCount>', '<RetryLimit/><RetryCount>'),
  bad('no arrayType', INFORM, ' soapenc:arrayType="cwmp:EventStruct[2]"', ''),
  bad('arrayType without namespace', INFORM, 'soapenc:arrayType', 'arrayType'),
  bad('member of another name', INFORM, /<(\/?)EventStruct>/g, '<$1Event>'),
  bad('arrayType that counts too few', INFORM, 'EventStruct[2]', 'EventStruct[1]', COUNT_IS_CODE),
  bad(
    'arrayType that counts too many',
    INFORM,
    'ParameterValueStruct[6]',
    'ParameterValueStruct[7]',
    COUNT_IS_CODE,
  ),
  bad('arrayType in two dimensions', INFORM, 'EventStruct[2]', 'EventStruct[1,2]', COUNT_IS_CODE),
  good('arrayType with leading zeros', change(INFORM, 'EventStruct[2]', 'EventStruct[0002]')),
]

/** Arguments of the methods that read and write parameters and objects. */
export const parameters: TableEntry[] = [
  good('value without xsi:type', change(GPV, ' xsi:type="xsd:string"', '')),
  good(
    'xsi:type of a struct by name',
    change(GPV, '<ParameterValueStruct>', '<ParameterValueStruct xsi:type="cwmp:ParameterValueStruct">'),
  ),
  good('xsi:type soapenc:string', change(GPV, 'xsd:string', 'soapenc:string')),
  bad('boolean that is none', GPV, '>true<', '>yes<'),
  bad('number too large for its type', GPV, '18446744073709551615', '18446744073709551616'),
  bad('unsignedInt below zero', SPV, 'xsd:int"', 'xsd:unsignedInt"'),
  bad('hexBinary of odd length', GPV, '>00ff<', '>00f<'),
  bad('base64 that is none', SPV, '>AAEC<', '>A*EC<'),
  bad('xsi:type that does not exist', GPV, 'xsd:string', 'xsd:text'),
  bad(
    'xsi:type of the schema of 1999',
    GPV,
    'http://www.w3.org/2001/XMLSchema"',
    'http://www.w3.org/1999/XMLSchema"',
  ),
  bad('elements in a value', GPV, '>true<', '><b/><'),
  bad('name of 257 characters', GPV, 'Device.A', long(257)),
  good('name of 256 characters', change(GPV, 'Device.A', long(256))),
  bad(
    'no names at all',
    request('GetParameterValues'),
    /<ParameterNames.*<\/ParameterNames>/,
    '<ParameterNames soapenc:arrayType="xsd:string[0]"/>',
  ),
  bad('NextLevel that is no boolean', request('GetParameterNames'), '<NextLevel>1', '<NextLevel>2'),
  bad('nil path', request('GetParameterNames'), '<ParameterPath>Device.<', '<ParameterPath xsi:nil="true"><'),
  good(
    'nil path in 1.0',
    change(
      request('GetParameterNames', AT_1_0),
      '<ParameterPath>Device.<',
      '<ParameterPath xsi:nil="true"><',
    ),
  ),
  bad('Status 2', response('SetParameterValues'), '>1</Status>', '>2</Status>'),
  bad('ParameterKey of 33 characters', SPV, '>key<', `>${long(33)}<`),
  bad('Notification 7', SPA, '<Notification>2', '<Notification>7'),
  good('Notification 6', change(SPA, '<Notification>2', '<Notification>6')),
  bad(
    'Notification 3 in 1.1',
    request('SetParameterAttributes', AT_1_1),
    '<Notification>2',
    '<Notification>3',
  ),
  bad('no AccessList', SPA, /<AccessList .*<\/AccessList>/, ''),
  bad('object name without a dot at its end', request('AddObject'), 'PortMapping.<', 'PortMapping<'),
  bad('InstanceNumber 0', response('AddObject'), '>4294967295<', '>0<'),
  bad(
    'empty MethodList',
    response('GetRPCMethods'),
    /<MethodList.*<\/MethodList>/,
    '<MethodList soapenc:arrayType="xsd:string[0]"/>',
  ),
  bad('method name of 65 characters', response('GetRPCMethods'), '>Inform<', `>${long(65)}<`),
  bad(
    'argument in an empty response',
    response('Reboot'),
    '<cwmp:RebootResponse/>',
    '<cwmp:RebootResponse><Status/></cwmp:RebootResponse>',
  ),
]

/** Arguments of file transfers, vouchers and options. */
export const transfers: TableEntry[] = [
  good('file type of a vendor', change(DOWNLOAD, '1 Firmware Upgrade Image', 'X 00AABB Splash screen')),
  good('6 Stored Firmware Image', change(DOWNLOAD, '1 Firmware Upgrade Image', '6 Stored Firmware Image')),
  bad('file type without number', DOWNLOAD, '1 Firmware', 'Firmware'),
  bad('file type 0', DOWNLOAD, '1 Firmware', '0 Firmware'),
  bad('file type 4 in 1.0', request('Download', AT_1_0), '1 Firmware Upgrade Image', '4 Tone File'),
  bad('URL of 257 characters', DOWNLOAD, /<URL>.*<\/URL>/, `<URL>${long(257)}</URL>`),
  bad('FileSize above 32 bits', DOWNLOAD, '<FileSize>0', '<FileSize>4294967296'),
  bad(
    'three time windows',
    change(request('ScheduleDownload'), 'Struct[1]', 'Struct[3]'),
    /<TimeWindowStruct>.*<\/TimeWindowStruct>/,
    '$&$&$&',
  ),
  bad(
    'no time window',
    request('ScheduleDownload'),
    /<TimeWindowList.*<\/TimeWindowList>/,
    '<TimeWindowList soapenc:arrayType="cwmp:TimeWindowStruct[0]"/>',
  ),
  bad('transfer state 4', response('GetQueuedTransfers'), '<State>1', '<State>4'),
  bad(
    '17 queued transfers',
    change(response('GetQueuedTransfers'), 'Struct[1]', 'Struct[17]'),
    /<QueuedTransferStruct>.*<\/QueuedTransferStruct>/,
    '$&'.repeat(17),
  ),
  bad('TransferComplete with 9003', TRANSFER_COMPLETE, '9010', '9003'),
  bad('TransferComplete with 9013', TRANSFER_COMPLETE, '9010', '9013'),
  bad('TransferComplete with 8000', TRANSFER_COMPLETE, '9010', '8000'),
  good('TransferComplete with 9020', change(TRANSFER_COMPLETE, '9010', '9020')),
  bad('TransferComplete with 9014 in 1.0', request('TransferComplete', AT_1_0), '9010', '9014'),
  bad('no FaultString', TRANSFER_COMPLETE, /<FaultString>.*<\/FaultString>/, ''),
  bad('voucher that is no base64', request('SetVouchers'), 'AAECAw==', 'AAECA'),
  bad('option state 4', response('GetOptions'), '<State>3', '<State>4'),
  good('option without an end', change(response('GetOptions'), /<ExpirationDate>.*<\/ExpirationDate>/, '')),
]

/** Arguments of the methods for deployment units. */
export const softwareModules: TableEntry[] = [
  bad('operation without xsi:type', CHANGE_DU, ' xsi:type="cwmp:InstallOpStruct"', ''),
  bad('operation of the abstract type', CHANGE_DU, 'cwmp:InstallOpStruct', 'cwmp:OperationStruct'),
  bad('operation of an unknown type', CHANGE_DU, 'cwmp:InstallOpStruct', 'cwmp:MoveOpStruct'),
  bad('operation with the arguments of another', CHANGE_DU, 'cwmp:InstallOpStruct', 'cwmp:UninstallOpStruct'),
  bad('uninstall without UUID', CHANGE_DU, /<UUID>[^<]*0a<\/UUID>/, '<Version>1</Version>'),
  bad(
    'UUID without dashes',
    CHANGE_DU,
    '00000000-0000-4000-8000-000000000001',
    '00000000000040008000000000000001',
  ),
  bad('DU state that does not exist', DU_COMPLETE, '>Installed<', '>Running<'),
  bad('DU result with 9002', DU_COMPLETE, '<FaultCode>0', '<FaultCode>9002'),
  good('DU result with a code of a vendor', change(DU_COMPLETE, '<FaultCode>0', '<FaultCode>9899')),
  bad('DU result without CompleteTime', DU_COMPLETE, /<CompleteTime>.*<\/CompleteTime>/, ''),
  bad('no DU result', DU_COMPLETE, /<Results>.*<\/Results>/, ''),
  good('no CommandKey of DUStateChangeComplete', change(DU_COMPLETE, '<CommandKey>c</CommandKey>', '')),
]
