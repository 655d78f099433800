import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type Breakage, BreakageLanguage } from '../breakage/breakage.ts'

/** A file as a template: what is made of the one that the profile names. */
export interface DownloadMessage {
  readonly kind: 'firmware' | 'configuration'
  /** Changes the octets, as latin1. */
  content(octets: string): string
  /** What the request says of its size, in hundredths of the real one; 0 for nothing. */
  readonly sizeShare: number
}

/**
 * What may become of a file.
 * - `taken`: it is good
 * - `damaged`: it is not what it was; a device need not notice in a configuration, but has to in firmware
 * - `rubbish`: it is no such file at all
 */
export interface DownloadRule {
  readonly effect: 'taken' | 'damaged' | 'rubbish'
}

type DownloadBreakage = Breakage<DownloadMessage, DownloadRule>

const damaged: DownloadRule = { effect: 'damaged' }
const rubbish: DownloadRule = { effect: 'rubbish' }

const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
})
const share = fc.integer({ min: 0, max: 99 }).map(String)

function content(
  breakage: string,
  rule: DownloadRule,
  samples: readonly string[],
  change: (octets: string, value: string) => string,
  values?: fc.Arbitrary<string>,
): DownloadBreakage {
  return {
    element: 'content',
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, value) => ({ ...message, content: (octets) => change(message.content(octets), value) }),
  }
}

const breakages: readonly DownloadBreakage[] = [
  content(
    'of another kind',
    rubbish,
    [
      '\0',
      'x',
      '<html><body>404</body></html>',
      '{"a":1}',
      '\x7fELF\x02\x01\x01',
      'PK\x03\x04',
      '\x1f\x8b\x08',
      '../../../etc/passwd\n',
      '\r\n\r\n',
    ],
    (_, other) => other,
    octetText.map((text) => `\u0001${text}`),
  ),
  content('empty', rubbish, [''], () => ''),
  content('very long', rubbish, ['100000', '5000000'], (_, size) => '\u0002'.repeat(Number(size))),
  content(
    'cut',
    damaged,
    ['50', '0', '1', '10', '90', '99'],
    (octets, part) => octets.slice(0, Math.floor((octets.length * Number(part)) / 100)),
    share,
  ),
  content(
    'with one octet changed',
    damaged,
    ['0', '5', '20', '50', '99'],
    (octets, part) => {
      const at = Math.floor((octets.length * Number(part)) / 100)
      return `${octets.slice(0, at)}${String.fromCharCode((octets.charCodeAt(at) || 0) ^ 0x15)}${octets.slice(at + 1)}`
    },
    share,
  ),
  content(
    'with octets put in',
    damaged,
    ['\0', 'x', '\r\n', '\u00ff\u00fe', "'", '"', '\\', '%n%s', '$(reboot)', '`reboot`', ';reboot;'],
    (octets, more) => {
      const half = Math.floor(octets.length / 2)
      return octets.slice(0, half) + more + octets.slice(half)
    },
    octetText,
  ),
  content(
    'with octets ahead',
    damaged,
    ['\u00ef\u00bb\u00bf', '\0', '\n', ' ', '#!/bin/sh\nreboot\n'],
    (octets, more) => more + octets,
    octetText,
  ),
  content(
    'with octets behind',
    damaged,
    ['\0', 'x', '\n\n\n', 'x'.repeat(100_000)],
    (octets, more) => octets + more,
    octetText,
  ),
  content('twice', damaged, [''], (octets) => octets + octets),
  content('in reverse', damaged, [''], (octets) => [...octets].reverse().join('')),
  content('compressed', damaged, [''], (octets) =>
    gzipSync(Buffer.from(octets, 'latin1')).toString('latin1'),
  ),
  content('with other line ends', damaged, ['\r', '\r\n', '\0', ''], (octets, end) =>
    octets.replaceAll('\n', end),
  ),
  {
    element: 'FileSize',
    breakage: 'another one',
    rule: damaged,
    samples: ['50', '200', '100000'],
    change: (message, part) => ({ ...message, sizeShare: Number(part) }),
  },
]

/** The files that a profile names, each as the class of a message. */
export type DownloadClass = 'firmware image' | 'configuration file'

/**
 * Files for Download (TR-069 A.3.2.8). Firmware is broken from the beginning: the image that the profile calls damaged is what everything is
 * made of, so that nothing that a device could install ever comes.
 */
export function downloadedFiles(
  classes: readonly DownloadClass[],
): BreakageLanguage<DownloadMessage, DownloadRule> {
  const plain = { content: (octets: string) => octets, sizeShare: 100 }
  const all = {
    'configuration file': { ...plain, kind: 'configuration' },
    'firmware image': { ...plain, kind: 'firmware' },
  } as const
  const chosen = Object.fromEntries(classes.map((name) => [name, all[name]]))
  return new BreakageLanguage<DownloadMessage, DownloadRule>('download', chosen, breakages)
}
