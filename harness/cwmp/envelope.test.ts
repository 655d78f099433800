import { expect, test } from 'vitest'
import {
  buildFault,
  buildRequest,
  buildResponse,
  decodeRequest,
  decodeResponse,
  parseEnvelope,
  type RequestOf,
} from './cwmp.ts'

const INFORM: RequestOf<'Inform'> = {
  DeviceId: { Manufacturer: 'A & B', OUI: '00AABB', ProductClass: 'x<y', SerialNumber: '1' },
  Event: [{ EventCode: '0 BOOTSTRAP', CommandKey: '' }],
  MaxEnvelopes: 1,
  CurrentTime: '2024-01-01T00:00:00+01:00',
  RetryCount: 0,
  ParameterList: [{ Name: 'Device.RootDataModelVersion', Value: ' 2.17\r\n', type: 'xsd:string' }],
}

test('an Inform comes back as it was built', () => {
  const envelope = parseEnvelope(buildRequest('Inform', INFORM, { id: 'a"<b' }))

  expect(envelope).toMatchObject({
    kind: 'request',
    name: 'Inform',
    id: 'a"<b',
    bodyEntries: 1,
    oddities: [],
  })
  expect(decodeRequest(envelope, 'Inform')).toEqual(INFORM)
})

test('a GetParameterValuesResponse comes back as it was built', () => {
  const response = { ParameterList: [{ Name: 'Device.X', Value: '1', type: 'xsd:unsignedInt' }] }
  const envelope = parseEnvelope(buildResponse('GetParameterValues', response))

  expect(envelope).toMatchObject({ kind: 'response', name: 'GetParameterValues', id: undefined })
  expect(decodeResponse(envelope, 'GetParameterValues')).toEqual(response)
})

test('a fault comes back as it was built', () => {
  const setParameterValuesFaults = [{ ParameterName: 'Device.X', FaultCode: 9007, FaultString: 'no' }]
  const envelope = parseEnvelope(
    buildFault({ code: 9003, string: 'Invalid arguments', soapCode: 'Client', setParameterValuesFaults }),
  )

  expect(envelope.fault).toEqual({
    faultCode: 9003,
    faultString: 'Invalid arguments',
    soapFaultCode: 'Client',
    soapFaultString: 'CWMP fault',
    setParameterValuesFaults,
    cwmpDetail: true,
  })
})
