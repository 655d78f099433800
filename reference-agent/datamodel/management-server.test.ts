import { expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const MANAGEMENT_SERVER = 'Device.ManagementServer.'

function set(name: string, value: string): number {
  try {
    const tree = new ParameterTree(device2, new MemoryStore())
    tree.setValues([{ path: MANAGEMENT_SERVER + name, value }], '')
    return 0
  } catch (error) {
    const fault = error as { setParameterValuesFaults: readonly { faultCode: number }[] }
    return fault.setParameterValuesFaults[0]?.faultCode ?? -1
  }
}

test.each([
  ['InstanceMode', 'InstanceAlias', 0],
  ['InstanceMode', 'Alias', 9007],
  ['STUNMaximumKeepAlivePeriod', '-1', 0],
  ['STUNMaximumKeepAlivePeriod', '-2', 9007],
  ['STUNServerPort', '65536', 9007],
  ['UDPConnectionRequestAddress', '192.0.2.1:7547', 9008],
  ['UDPLightweightNotificationPort', '0', 0],
  ['StandbyPolicy.CRUnawarenessMaxDuration', '-2', 9007],
  ['AutonomousTransferCompletePolicy.FileTypeFilter', '1 Firmware Upgrade Image,X 00D09E anything', 0],
  ['AutonomousTransferCompletePolicy.FileTypeFilter', '5 Ringer File', 9007],
  ['DUStateChangeComplPolicy.OperationTypeFilter', 'Install,Uninstall', 0],
  ['DUStateChangeComplPolicy.FaultCodeFilter', '9003,9999', 9007],
  ['HeartbeatPolicy.ReportingInterval', '29', 9007],
])('%s takes %s with %i', (name, value, faultCode) => {
  expect(set(name, value)).toBe(faultCode)
})

test('a password of the STUN server is never shown', () => {
  const tree = new ParameterTree(device2, new MemoryStore())
  tree.setValues([{ path: `${MANAGEMENT_SERVER}STUNPassword`, value: 'secret' }], '')

  expect(tree.getParameters(`${MANAGEMENT_SERVER}STUNPassword`)).toMatchObject([{ value: '' }])
  expect(tree.get(`${MANAGEMENT_SERVER}STUNPassword`)?.value).toBe('secret')
})
