import { expect, test } from 'vitest'
import { telling } from './secrets.ts'

test('a password that stands in what a device says anyhow shows nothing', () => {
  const passwords = ['', 'acs', 'conformance-secret', 'genie-cpe', 'Interface']

  expect(telling(passwords, ['user-of-genie-cpe', 'Device.IP.Interface.1.Enable'])).toEqual([
    'conformance-secret',
  ])
})
