import { z } from 'zod'
import { credential } from './credential.ts'
import { filesSchema } from './pixit-files.ts'

/** Extra information for testing: how this device is reached and exercised. Everything has a default for `Device.`. */

const name = (what: string, pattern: RegExp) => z.string().max(256).regex(pattern, what)
const parameterPath = name(
  'a full parameter name such as "Device.DeviceInfo.ProvisioningCode", without a dot at the end',
  /^[A-Za-z_][\w-]*(\.[\w[\]-]+)+$/,
)
const objectPath = name(
  'a partial path such as "Device.DeviceInfo.", with a dot at the end',
  /^[A-Za-z_][\w-]*\.([\w[\]-]+\.)*$/,
)
const prefix = z
  .string()
  .regex(/^(?!(?:cwmp|xsd|xsi|xmlns|xml)$)[A-Za-z_][\w.-]*$/, 'a prefix of XML other than cwmp, xsd and xsi')
const unsignedInt = z.string().regex(/^\d{1,10}$/, 'digits in quotes, as they stand on the wire')
const int = z.string().regex(/^-?\d{1,10}$/, 'digits in quotes, as they stand on the wire')
const dateTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, 'a time such as "2030-01-02T03:04:05Z"')
const seconds = z.number().positive().max(86_400)

const writable = (value: z.ZodString, what: string) =>
  z
    .strictObject({
      path: parameterPath,
      values: z.tuple([value, value]).describe('Two different values that the device accepts.'),
    })
    .describe(what)

/** An entry that a device may lack: `null` (or silence, where there is no default) makes its cases UNTESTABLE. */
const optional = <T extends z.ZodType>(entry: T, fallback: z.input<T> | null = null) =>
  entry
    .nullable()
    .prefault(fallback)
    .transform((value) => value ?? undefined)

const onlyPath = (what: string) => z.strictObject({ path: parameterPath }).describe(what)

const parameters = z
  .strictObject({
    writableString: writable(z.string(), 'A string parameter that can be set without side effects.').default({
      path: 'Device.DeviceInfo.ProvisioningCode',
      values: ['conformance.one', 'conformance.two'],
    }),
    writableBoolean: onlyPath('A boolean parameter that can be set without side effects.').default({
      path: 'Device.ManagementServer.UpgradesManaged',
    }),
    writableUnsignedInt: writable(unsignedInt, 'An unsignedInt parameter that can be set.')
      .extend({
        tooLarge: z
          .string()
          .default('4294967296')
          .describe('A number that does not fit into an unsignedInt.'),
      })
      .default({
        path: 'Device.ManagementServer.PeriodicInformInterval',
        values: ['3600', '7200'],
        tooLarge: '4294967296',
      }),
    writableInt: optional(writable(int, 'An int parameter that can be set.')),
    writableDateTime: optional(writable(dateTime, 'A dateTime parameter that can be set.'), {
      path: 'Device.ManagementServer.PeriodicInformTime',
      values: ['2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z'],
    }),
    enumerated: optional(
      writable(z.string(), 'A string parameter with a fixed set of values.').extend({
        bad: z.string().describe('A value outside the set: fault 9007.'),
      }),
    ),
    bounded: writable(z.string(), 'A parameter with a range or a maximal length.')
      .extend({ bad: z.string().describe('A value of the right type outside the bounds: fault 9007.') })
      .default({
        path: 'Device.ManagementServer.PeriodicInformInterval',
        values: ['3600', '7200'],
        bad: '0',
      }),
    readOnly: onlyPath('A parameter that the ACS cannot set: fault 9008.').default({
      path: 'Device.DeviceInfo.Manufacturer',
    }),
    hidden: optional(onlyPath('A parameter that always reads as the empty string.'), {
      path: 'Device.ManagementServer.Password',
    }),
    canDeny: optional(onlyPath('A parameter for which the device may deny active notification (9009).'), {
      path: 'Device.DeviceInfo.UpTime',
    }),
    forcedActive: onlyPath('A parameter whose notification is active and cannot be changed.').default({
      path: 'Device.DeviceInfo.SoftwareVersion',
    }),
    object: z
      .strictObject({ path: objectPath })
      .describe('An object with several parameters.')
      .default({ path: 'Device.ManagementServer.' }),
    needsRestart: optional(
      writable(
        z.string(),
        'A string parameter whose new value takes effect only when the device has restarted.',
      ),
    ),
    vendorSpecific: optional(
      writable(z.string(), 'A string parameter of your own (X_…) that can be set without side effects.'),
    ),
    emptyTable: optional(
      z.strictObject({ path: objectPath }).describe('A table that has no rows and gets none during the run.'),
    ),
  })
  .prefault({})
  .describe('Parameters to work with. null says that the device has none of this kind.')

const tables = z
  .strictObject({
    writable: optional(
      z
        .strictObject({
          path: objectPath.describe('The table, with a dot at the end.'),
          parameter: name('the name of a parameter in each row, such as "Description"', /^[A-Za-z_][\w-]*$/),
          values: z.tuple([z.string(), z.string()]).describe('Two different values that it accepts.'),
        })
        .describe('A table that takes AddObject, and a string parameter in its rows.'),
      {
        path: 'Device.NAT.PortMapping.',
        parameter: 'Description',
        values: ['conformance one', 'conformance two'],
      },
    ),
    readOnly: optional(
      z.strictObject({ path: objectPath }).describe('A table that does not take AddObject.'),
      { path: 'Device.Ethernet.Interface.' },
    ),
  })
  .prefault({})
  .describe('Tables to work with. null says that the device has none of this kind.')

const acs = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('The address on which the scripted ACS listens.'),
    port: z.int().min(0).max(65_535).default(0).describe('Its port; 0 takes a free one.'),
    publicHost: z
      .string()
      .min(1)
      .optional()
      .describe('The name or address in the URL that the device gets, when it is not host.'),
    xmlDeclaration: z
      .boolean()
      .default(true)
      .describe('false for an agent that cannot read an answer beginning with an XML declaration.'),
    soapPrefixes: z
      .strictObject({
        envelope: prefix.default('soapenv').describe('That of the namespace of SOAP envelopes.'),
        encoding: prefix.default('soapenc').describe('That of the namespace of SOAP encoding.'),
      })
      .refine(({ envelope, encoding }) => envelope !== encoding, { error: 'two different prefixes' })
      .prefault({})
      .describe('For an agent that does not look for namespaces but for prefixes: those that it knows.'),
  })
  .prefault({})
  .describe('Where the device finds the scripted ACS.')

const fileServer = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('The address on which the file servers listen, an IPv4 address.'),
    port: z.int().min(0).max(65_535).default(0).describe('The port for HTTP; 0 takes a free one.'),
    ftpPort: z.int().min(0).max(65_535).default(0).describe('The port for FTP; 0 takes a free one.'),
    publicHost: z
      .string()
      .min(1)
      .optional()
      .describe('The address in the URLs that the device gets, when it is not host.'),
  })
  .prefault({})
  .describe('Where the device finds the file servers.')

const dnsServer = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('The address on which the DNS server listens, and under which the device finds it.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe('Its UDP port; 0 takes a free one. Most devices know only 53.'),
  })
  .prefault({})
  .describe('Where the device finds the DNS server.')

const timing = z
  .strictObject({
    bootSeconds: seconds
      .default(60)
      .describe('From provision, or from coming back after a crash, to the Inform.'),
    informSeconds: seconds
      .default(30)
      .describe('From a trigger (connection request, interval) to the Inform.'),
    responseSeconds: seconds.default(30).describe('From an RPC to its answer.'),
    rebootSeconds: seconds
      .default(120)
      .describe('From Reboot, FactoryReset, powerCycle or factoryReset to the Inform.'),
    transferSeconds: seconds
      .default(300)
      .describe('From the moment when a transfer may begin to its TransferComplete, a restart included.'),
    diagnosticsSeconds: seconds
      .default(120)
      .describe('From the end of the session that asked for a diagnostic to 8 DIAGNOSTICS COMPLETE.'),
    adapterSeconds: seconds.default(10).describe('From any other request to the adapter to its answer.'),
  })
  .prefault({})
  .describe(
    'How long the harness waits before it calls the device or the adapter silent; wall-clock seconds.',
  )

const credentials = z
  .strictObject({
    acsUsername: credential.prefault('conformance-cpe'),
    acsPassword: credential.prefault('conformance-cpe-secret'),
    connectionRequestUsername: credential.prefault('conformance-acs'),
    connectionRequestPassword: credential.prefault('conformance-acs-secret'),
  })
  .prefault({})
  .describe('What the device shows to the ACS, and the ACS to the device on a connection request.')

export const pixitSchema = z
  .strictObject({
    acs,
    fileServer,
    dnsServer,
    timing,
    clockRate: z
      .number()
      .positive()
      .max(100_000)
      .default(1)
      .describe('How many seconds pass on the device in one second of the wall clock.'),
    credentials,
    parameters,
    tables,
    files: filesSchema,
  })
  .prefault({})
  .describe('How this device is reached and exercised. Everything has a default.')
