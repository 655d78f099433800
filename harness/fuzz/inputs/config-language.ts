import fc from 'fast-check'
import { type Breakage, BreakageLanguage } from '../breakage/breakage.ts'

/** The configuration files of an agent, each as latin1. */
export interface ConfigMessage {
  readonly cwmp: string
  readonly notify: string
}

/**
 * What has to become of a change.
 * - `silent`: everything else counts
 * - `warned`: everything else counts, and the log names the line
 * - `open`: the agent starts
 */
export interface ConfigRule {
  readonly effect: 'silent' | 'warned' | 'open'
  /** The place that the log has to name: file and line. */
  readonly where?: readonly [file: string, line: number]
}

/** What the file says of a parameter that each Inform carries. */
export const INTACT = 'intact'

const proper: ConfigMessage = {
  cwmp: [
    "config acs 'acs'",
    "\toption periodic_inform_enable '0'",
    "config cpe 'cpe'",
    `\toption provisioning_code '${INTACT}'`,
    "\toption custom_notify_json '{dir}/notify.json'",
    '',
  ].join('\n'),
  notify: '{"custom_notification": [\n{"parameter": "Device.DeviceInfo.ModelName", "notify_type": "1"}\n]}\n',
}

/** Where lines are put in, counted from 1. */
const LINE = 3

type ConfigBreakage = Breakage<ConfigMessage, ConfigRule>

const lineText = fc.string({
  unit: fc
    .integer({ min: 0, max: 255 })
    .filter((code) => code !== 10 && code !== 13)
    .map((code) => String.fromCharCode(code)),
  maxLength: 60,
})

function withLine({ cwmp, ...rest }: ConfigMessage, line: string): ConfigMessage {
  return {
    ...rest,
    cwmp: cwmp
      .split('\n')
      .toSpliced(LINE - 1, 0, line)
      .join('\n'),
  }
}

function line(
  breakage: string,
  effect: ConfigRule['effect'],
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): ConfigBreakage {
  return {
    element: 'line of cwmp',
    breakage,
    rule: effect === 'warned' ? { effect, where: ['cwmp', LINE] } : { effect },
    samples,
    ...(values && { values }),
    change: withLine,
  }
}

const option = (text: string) => `\toption ${text}`

const breakages: readonly ConfigBreakage[] = [
  line('that says nothing', 'silent', [
    '# a comment',
    '',
    '   ',
    '\t# another',
    option("unknown_option 'x'"),
    'package cwmp',
  ]),
  line('that is no UCI', 'warned', [
    'nonsense',
    'option',
    option('x'),
    'config',
    'list',
    option("url 'without an end"),
    option('"url'),
    option('a b c'),
    '\u0001\u0002',
    '{"json": true}',
    '<xml/>',
  ]),
  line('with a value that cannot be', 'warned', [
    option("periodic_inform_enable 'perhaps'"),
    option("periodic_inform_interval '-1'"),
    option("periodic_inform_interval 'abc'"),
    option("periodic_inform_interval '99999999999'"),
  ]),
  line(
    'of any kind',
    'open',
    [
      `# ${'x'.repeat(100_000)}`,
      'x'.repeat(100_000),
      "config acs 'acs'",
      "config acs '\u00fc'",
      option(`url '${'x'.repeat(5000)}'`),
    ],
    lineText,
  ),
  {
    element: 'file cwmp',
    breakage: 'with other line ends',
    rule: { effect: 'silent' },
    change: (message) => ({ ...message, cwmp: message.cwmp.replaceAll('\n', '\r\n') }),
  },
  {
    element: 'file cwmp',
    breakage: 'of another kind',
    rule: { effect: 'open' },
    samples: [
      '',
      '\n',
      '\0',
      '\u00ff\u00fe\0c\0o\0',
      '\u00ef\u00bb\u00bfconfig acs',
      "config cpe 'cpe'\n".repeat(20_000),
      '\n'.repeat(100_000),
    ],
    values: lineText,
    change: (message, cwmp) => ({ ...message, cwmp }),
  },
  {
    element: 'file cwmp',
    breakage: 'cut',
    rule: { effect: 'open' },
    samples: ['5', '30', '60', '90'],
    values: fc.integer({ min: 0, max: 99 }).map(String),
    change: (message, part) => ({
      ...message,
      cwmp: message.cwmp.slice(0, Math.floor((message.cwmp.length * Number(part)) / 100)),
    }),
  },
  {
    element: 'file notify.json',
    breakage: 'that is no JSON',
    rule: { effect: 'warned', where: ['notify.json', 1] },
    samples: [
      '{',
      ']',
      'nonsense',
      "{'custom_notification': []}",
      '{"custom_notification": [}',
      '\u0001',
      '[1,]',
    ],
    change: (message, notify) => ({ ...message, notify }),
  },
  {
    element: 'file notify.json',
    breakage: 'with an entry that is none',
    rule: { effect: 'warned', where: ['notify.json', 2] },
    samples: [
      'null',
      '1',
      '"x"',
      '[]',
      '{}',
      '{"parameter": 1, "notify_type": 1}',
      '{"parameter": "Device.No.Such", "notify_type": "1"}',
      '{"parameter": "Device.DeviceInfo.ModelName", "notify_type": "7"}',
      '{"parameter": "Device.*.ModelName", "notify_type": "1"}',
      '{"__proto__": {"parameter": "x"}}',
    ],
    change: (message, entry) => ({ ...message, notify: `{"custom_notification": [\n${entry}\n]}\n` }),
  },
  {
    element: 'file notify.json',
    breakage: 'of another form',
    rule: { effect: 'silent' },
    samples: [
      '[]',
      'null',
      '1',
      '"x"',
      '{}',
      '{"custom_notification": 1}',
      '',
      '['.repeat(100_000),
      `"${'x'.repeat(2_000_000)}"`,
    ],
    change: (message, notify) => ({ ...message, notify }),
  },
]

/** Configuration files with mistakes, of which each costs a line in the log and nothing else. */
export function configurationFiles(): BreakageLanguage<ConfigMessage, ConfigRule> {
  return new BreakageLanguage('configuration', { configuration: proper }, breakages)
}
