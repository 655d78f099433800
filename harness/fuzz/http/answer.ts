/** At which point of a session the ACS answers so. */
export type Stage = 'Inform' | 'empty POST' | 'response' | 'end'

/** Content as it goes over the wire, with the header lines that say how. */
export interface Coded {
  readonly lines: readonly string[]
  readonly octets: Buffer
}

/** What has to become of cookies in the next request of the session. */
export interface CookieRule {
  /** Pairs of name and value that are returned. */
  readonly returned: readonly string[]
  /** Names that are not. */
  readonly keptBack: readonly string[]
}

/** An HTTP answer of the ACS as a template; its envelope is known only when it is sent. */
export interface AnswerMessage {
  readonly stage: Stage
  /** Octets ahead of the status line: interim answers, or noise. */
  readonly before: string
  readonly statusLine: string
  readonly lineEnd: string
  /** Header lines, made of the URL of the ACS. */
  lines(acs: URL): readonly string[]
  readonly contentType: string | undefined
  /** Changes the envelope. */
  content(envelope: string): string
  /** Content coding. */
  code(content: Buffer): Coded
  /** Length or transfer coding. */
  frame(content: Buffer): Coded
  /** Octets behind the answer, made of an answer with a second request. */
  after(second: string): string
  /** How much of it is sent, in hundredths; the last octet is left out where less than all is. */
  readonly share: number
  readonly delivery: 'whole' | 'octets' | 'halves'
  /** What the ACS does behind it. `cut`: closes both directions at once. */
  readonly ending: 'keep' | 'close' | 'cut'
  readonly cookies: CookieRule | undefined
  /** Redirects in a row that this is the first of; 0 for none. */
  readonly redirects: number
}

/** Content as long as it says. */
export function counted(content: Buffer): Coded {
  return { lines: [`Content-Length: ${content.length}`], octets: content }
}

const proper: Omit<AnswerMessage, 'stage'> = {
  before: '',
  statusLine: 'HTTP/1.1 200 OK',
  lineEnd: '\r\n',
  lines: () => [],
  contentType: 'text/xml; charset=utf-8',
  content: (envelope) => envelope,
  code: (content) => ({ lines: [], octets: content }),
  frame: counted,
  after: () => '',
  share: 100,
  delivery: 'whole',
  ending: 'keep',
  cookies: undefined,
  redirects: 0,
}

/** The proper answers, by what they answer. */
export const properAnswers = {
  'answer to a response': { ...proper, stage: 'response' },
  'answer to an empty POST': { ...proper, stage: 'empty POST' },
  'answer to an Inform': { ...proper, stage: 'Inform' },
  'end of a session': {
    ...proper,
    stage: 'end',
    statusLine: 'HTTP/1.1 204 No Content',
    contentType: undefined,
    frame: (content: Buffer) => ({ lines: [], octets: content }),
  },
} as const satisfies Readonly<Record<string, AnswerMessage>>

/** What an answer is made of when it is sent. */
export interface AnswerParts {
  readonly acs: URL
  /** The envelope that belongs there; empty at the end of a session. */
  readonly envelope: string
  /** An envelope that nobody may see, for octets behind the answer. */
  readonly second: string
}

/** The octets of an answer. */
export function octetsOf(message: AnswerMessage, { acs, envelope, second }: AnswerParts): Buffer {
  const { octets: content, lines: coding } = message.code(Buffer.from(message.content(envelope)))
  const { octets: body, lines: framing } = message.frame(content)
  const lines = [
    message.statusLine,
    ...(message.contentType === undefined ? [] : [`Content-Type: ${message.contentType}`]),
    ...message.lines(acs),
    ...coding,
    ...framing,
  ]
  const head = `${message.before}${lines.map((line) => line + message.lineEnd).join('')}${message.lineEnd}`
  const all = Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.from(message.after(second), 'latin1')])
  if (message.share >= 100) return all
  return all.subarray(0, Math.min(all.length - 1, Math.floor((all.length * message.share) / 100)))
}

/** A complete answer with this envelope, for octets behind another one. */
export function plainAnswer(envelope: string): string {
  const lines = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/xml; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(envelope)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${envelope}`
}
