import { createHash } from 'node:crypto'
import type { ProfileInput } from './profile.ts'
import { signedByMaker } from './reference-maker.ts'
import { VOUCHER, VOUCHER_OPTION } from './reference-voucher.ts'

/** What the reference agent takes for firmware, deployment units and vouchers, and files of these kinds for its profile. */

type Files = NonNullable<NonNullable<ProfileInput['pixit']>['files']>

/** A text of so many octets that begins with its own name. */
function payload(name: string, octets: number): string {
  return `${name} `.repeat(Math.ceil(octets / (name.length + 1))).slice(0, octets)
}

/** The lines before a payload, of which they tell the SHA-256. */
function header(kind: string, headers: Readonly<Record<string, string>>, content: string): string {
  const sha256 = createHash('sha256').update(content).digest('hex')
  const lines = Object.entries({ ...headers, sha256 }).map(([name, value]) => `${name}: ${value}\n`)
  return `${kind} 1\n${lines.join('')}`
}

/** An image; its maker signs what stands before the payload. */
function firmware(
  version: string,
  more: Readonly<Record<string, string>> = {},
  signature: (header: string) => string = signedByMaker,
): string {
  const content = payload(`firmware ${version}`, 65_536)
  const lines = header('CWMP-REFERENCE-FIRMWARE', { version, ...more }, content)
  return `${lines}signature: ${signature(lines)}\n\n${content}`
}

function unit(version: string, more: Readonly<Record<string, string>> = {}, octets = 4096): string {
  const headers = { name: 'conformance', version, vendor: 'cwmp-conformance', ...more }
  const content = payload(`unit ${version}`, octets)
  return `${header('CWMP-REFERENCE-UNIT', headers, content)}\n${content}`
}

/** The same with one letter changed at its end. */
function damaged(file: string): string {
  return `${file.slice(0, -1)}?`
}

/** Octets of the largest file that the agent is told to take: small, so that one that is too large is soon made. */
export const REFERENCE_MAXIMUM_FILE_SIZE = 8 * 1024 * 1024

const PROVISIONING_CODE = 'from.a.file'

/** The files of the reference agent's profile. */
export const referenceFiles: Files = {
  ordinary: { fileType: '2 Web Content', text: payload('web content', 65_536) },
  tone: { text: payload('tone', 4096) },
  ringer: { text: payload('ringer', 4096) },
  tooLarge: { octets: REFERENCE_MAXIMUM_FILE_SIZE + 1 },
  firmware: [
    { version: '2.0.0', text: firmware('2.0.0') },
    { version: '3.0.0', text: firmware('3.0.0') },
  ],
  corruptFirmware: { text: damaged(firmware('9.0.0')) },
  foreignFirmware: { text: firmware('9.1.0', { 'product-class': 'Toaster' }) },
  // The signature is the maker's, and for something else.
  forgedFirmware: { text: firmware('9.2.0', {}, (lines) => signedByMaker(`${lines}\n`)) },
  vendorConfiguration: {
    path: 'Device.DeviceInfo.ProvisioningCode',
    value: PROVISIONING_CODE,
    text: `config cpe 'cpe'\n\toption provisioning_code '${PROVISIONING_CODE}'\n`,
  },
  corruptVendorConfiguration: { text: "config cpe 'cpe\n\toption\n\u0001" },
  deploymentUnit: [
    { version: '1.0', text: unit('1.0') },
    { version: '2.0', text: unit('2.0') },
  ],
  corruptDeploymentUnit: { text: damaged(unit('9.0')) },
  mismatchedDeploymentUnit: {
    executionEnvironment: 'Device.SoftwareModules.ExecEnv.1.',
    text: unit('9.1', { type: 'Reference Sandbox 1.0' }),
  },
  // That environment has 64 KiB.
  largeDeploymentUnit: {
    executionEnvironment: 'Device.SoftwareModules.ExecEnv.2.',
    text: unit('9.2', {}, 65_536),
  },
  voucher: { option: VOUCHER_OPTION, text: VOUCHER },
}
