/**
 * PIXIT defaults for a device whose root is `InternetGatewayDevice.` (TR-098): the counterparts of the `Device.` defaults
 * in pixit.ts, and `null` where that data model has none.
 */
const gatewayDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  parameters: {
    writableString: {
      path: 'InternetGatewayDevice.DeviceInfo.ProvisioningCode',
      values: ['conformance.one', 'conformance.two'],
    },
    writableBoolean: { path: 'InternetGatewayDevice.ManagementServer.UpgradesManaged' },
    writableUnsignedInt: {
      path: 'InternetGatewayDevice.ManagementServer.PeriodicInformInterval',
      values: ['3600', '7200'],
    },
    writableDateTime: {
      path: 'InternetGatewayDevice.ManagementServer.PeriodicInformTime',
      values: ['2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z'],
    },
    bounded: {
      path: 'InternetGatewayDevice.ManagementServer.PeriodicInformInterval',
      values: ['3600', '7200'],
      bad: '0',
    },
    readOnly: { path: 'InternetGatewayDevice.DeviceInfo.Manufacturer' },
    hidden: { path: 'InternetGatewayDevice.ManagementServer.Password' },
    canDeny: { path: 'InternetGatewayDevice.DeviceInfo.UpTime' },
    forcedActive: { path: 'InternetGatewayDevice.DeviceInfo.SoftwareVersion' },
    object: { path: 'InternetGatewayDevice.ManagementServer.' },
  },
  tables: {
    writable: null,
    readOnly: { path: 'InternetGatewayDevice.LANDevice.' },
  },
}

/** The profile as written, with the gateway's defaults filled in where its root asks for them and it says nothing. */
export function withRootDefaults(written: unknown): unknown {
  if (!isObject(written) || !isObject(written.cwmp) || written.cwmp.root !== 'InternetGatewayDevice.') {
    return written
  }
  const pixit = written.pixit ?? {}
  if (!isObject(pixit)) return written
  const filled = Object.entries(gatewayDefaults).map(([group, defaults]) => {
    const entries = pixit[group] ?? {}
    return [group, isObject(entries) ? { ...defaults, ...entries } : entries]
  })
  return { ...written, pixit: { ...pixit, ...Object.fromEntries(filled) } }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
