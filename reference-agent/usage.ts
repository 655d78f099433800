/** What the program says about itself. */
import { readFileSync } from 'node:fs'

const OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--acs-url URL', 'ACS of a device fresh from the factory; http or https'],
  ['--state-dir DIR', 'where the device keeps what it knows, and its control socket'],
  [
    '--count NUMBER',
    'so many devices in one process, each with a state directory in DIR and a serial number of its own',
  ],
  ['--config-dir DIR', 'directory with the UCI file cwmp'],
  ['--acs-username NAME', 'account at the ACS; the password may stand in CWMP_ACS_PASSWORD'],
  ['--acs-password TEXT', ''],
  [
    '--connection-request-username NAME',
    'account for connection requests; password in CWMP_CONNECTION_REQUEST_PASSWORD',
  ],
  ['--connection-request-password TEXT', ''],
  ['--connection-request-host ADDRESS', 'where connection requests are taken (127.0.0.1)'],
  ['--connection-request-port NUMBER', 'any free port without it'],
  ['--connection-request-path PATH', 'a random one without it'],
  ['--periodic-inform-interval SECONDS', ''],
  ['--retry-minimum-wait-interval SECONDS', ''],
  ['--retry-interval-multiplier NUMBER', 'in thousandths'],
  ['--serial-number, --oui, --product-class TEXT', 'identity of the device'],
  [
    '--data-model FILE',
    'a Broadband Forum data model (…-full.xml) instead of Device:2, or JSON with objects to add to it',
  ],
  [
    '--dhcp-options FILE',
    'JSON of what a DHCP server says: octets in hexadecimal by option, 43 and 125; may name the ACS',
  ],
  ['--dns-server ADDRESS:PORT', 'asked for all names instead of what the machine asks'],
  ['--trusted-ca FILE', 'trusted roots in PEM instead of the usual ones'],
  ['--maximum-file-size OCTETS', 'largest file that a transfer may bring (67108864)'],
  ['--firmware-key FILE', 'public key in PEM with which firmware has to be signed; 9019 for any other'],
  ['--voucher-ca FILE', 'roots in PEM under which vouchers hold, instead of those of --trusted-ca'],
  ['--client-certificate FILE, --client-key FILE', 'in PEM, for servers that ask who the device is'],
  [
    '--response-timeout SECONDS',
    'how long an answer may take (30), and the SessionTimeout that is announced',
  ],
  ['--clock-rate NUMBER', 'device seconds that pass in one second (1)'],
  ['--initial-time TIME', 'what the clock shows at the start, or unknown'],
  ['--log-level LEVEL', 'EMERG, ALERT, CRIT, ERROR, WARNING, NOTICE, INFO (the default) or DEBUG'],
  ['--log-file FILE', 'where log lines go besides stderr'],
  ['--log-max-size OCTETS', 'size at which the log file is kept as FILE.1 and begun anew (102400)'],
  ['-b, --boot-event', 'report 1 BOOT at the start, as is always done'],
  ['-g, --get-rpc-methods', 'ask the ACS for its methods in the first session'],
  ['-c, --cli COMMAND', 'give a command to the agent that runs on --state-dir; --cli help lists them'],
  ['-h, --help', 'show this text'],
  ['-v, --version', 'show the version'],
]

const WIDTH = Math.max(...OPTIONS.map(([option]) => option.length))

/** The text of --help. */
export function helpText(): string {
  const lines = OPTIONS.map(([option, meaning]) => ` ${option.padEnd(WIDTH)}  ${meaning}`.trimEnd())
  return ['Usage: agent --acs-url URL --state-dir DIR [OPTIONS]', ...lines].join('\n')
}

/** The text of --version. */
export function versionText(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return `cwmp-reference-agent ${version}`
}
