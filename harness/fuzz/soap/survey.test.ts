import { expect, test } from 'vitest'
import type { AcsSession } from '../../acs/acs.ts'
import { loadProfile } from '../../dut/dut.ts'
import { boundaries } from './boundaries.ts'
import { survey } from './survey.ts'

const profile = await loadProfile()

const fault = (faultCode: number) => ({ faultCode, faultString: '', cwmpDetail: true })

/** A session with a device that has two parameters and refuses the RPCs that are named here. */
function sessionWithout(...refused: readonly string[]): AcsSession {
  const answers: Readonly<Record<string, object>> = {
    GetRPCMethods: { MethodList: ['GetRPCMethods', 'Reboot'] },
    GetParameterNames: { ParameterList: [{ Name: 'Device.DeviceInfo.Manufacturer', Writable: false }] },
    GetParameterValues: {
      ParameterList: [{ Name: 'Device.DeviceInfo.Manufacturer', Value: 'A', type: 'xsd:string' }],
    },
  }
  const call = async (name: string) => (refused.includes(name) ? fault(9000) : answers[name])
  return { call, informEnvelope: { cwmpNamespace: 'urn:dslforum-org:cwmp-1-0' } } as unknown as AcsSession
}

test('speaks to a device in the methods that it lists', async () => {
  expect((await survey(sessionWithout(), profile)).methods).toEqual(['GetRPCMethods', 'Reboot'])
})

test('speaks to a device that lists none in those that its statement claims', async () => {
  const ics = { ...profile.ics, FileDownload: false, Upload: true, SetVouchers: false }

  const { methods } = await survey(sessionWithout('GetRPCMethods'), { ...profile, ics })

  expect(methods).toContain('Upload')
  expect(methods).toContain('GetParameterValues')
  expect(methods).not.toContain('Download')
  expect(methods).not.toContain('SetVouchers')
})

test('is at its end where no names are to be had', async () => {
  await expect(survey(sessionWithout('GetParameterNames'), profile)).rejects.toThrow(
    'expected GetParameterNamesResponse; got fault 9000',
  )
})

test('has a device upload what it says that it uploads, and nothing where it says nothing', async () => {
  const uploadsOf = async (uploads: typeof profile.pixit.files.uploads) => {
    const files = { ...profile.pixit.files, uploads }
    return survey(sessionWithout(), { ...profile, pixit: { ...profile.pixit, files } })
  }

  expect((await uploadsOf({ configuration: undefined, log: '2 Vendor Log File' })).uploadType).toBe(
    '2 Vendor Log File',
  )
  const none = await uploadsOf({ configuration: undefined, log: undefined })
  expect([...boundaries('Upload', none)]).toEqual([])
})
