/** The device's configuration as a file: UCI text, as its operators know it (file type 3). */
import { parseUci, UciError } from '../config/uci.ts'
import type { Device } from '../services/service.ts'
import { CwmpFault } from '../soap/soap.ts'
import { FileTransferError } from './failure.ts'

/** Options by `section.option`, and the parameters that hold them. */
const MEANINGS: Readonly<Record<string, string>> = {
  'cpe.provisioning_code': 'Device.DeviceInfo.ProvisioningCode',
  'cpe.userid': 'Device.ManagementServer.ConnectionRequestUsername',
  'cpe.passwd': 'Device.ManagementServer.ConnectionRequestPassword',
  'acs.userid': 'Device.ManagementServer.Username',
  'acs.passwd': 'Device.ManagementServer.Password',
  'acs.periodic_inform_enable': 'Device.ManagementServer.PeriodicInformEnable',
  'acs.periodic_inform_interval': 'Device.ManagementServer.PeriodicInformInterval',
  'acs.retry_min_wait_interval': 'Device.ManagementServer.CWMPRetryMinimumWaitInterval',
  'acs.retry_interval_multiplier': 'Device.ManagementServer.CWMPRetryIntervalMultiplier',
  // Last, so that everything else stands when the device turns to another ACS.
  'acs.url': 'Device.ManagementServer.URL',
}

/** Values by parameter path, in the order in which they are to be set. Throws FileTransferError for a text that is no UCI. */
export function readConfigurationFile(
  text: string,
  unknown: (option: string) => void,
): Record<string, string> {
  const given = new Map<string, string>()
  try {
    for (const { type, name, options } of parseUci(text)) {
      for (const [option, value] of options) given.set(`${name === '' ? type : name}.${option}`, value)
    }
  } catch (error) {
    if (!(error instanceof UciError)) throw error
    throw new FileTransferError('corrupted', `no UCI: line ${error.line}: ${error.message}`)
  }
  for (const option of given.keys()) if (!Object.hasOwn(MEANINGS, option)) unknown(option)
  return Object.fromEntries(
    Object.entries(MEANINGS).flatMap(([option, path]) => {
      const value = given.get(option)
      return value === undefined ? [] : [[path, value] as const]
    }),
  )
}

/** Puts a configuration file into effect: all of it, or none when the data model refuses a value; FileTransferError says which. */
export function applyConfiguration({ tree, log }: Device, text: string): void {
  const values = readConfigurationFile(text, (option) =>
    log.about('transfer').notice(`configuration file: ${option} is not known here`),
  )
  try {
    tree.setAllLocally(values)
  } catch (error) {
    if (!(error instanceof CwmpFault)) throw error
    throw new FileTransferError('corrupted', `configuration file: ${error.message}`)
  }
}
