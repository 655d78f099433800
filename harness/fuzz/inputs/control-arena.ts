import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { Waiting } from '../../acs/acs.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { type Breakage, BreakageLanguage, type BrokenMessage } from '../breakage/breakage.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { telling } from '../secrets.ts'

/** Octets for a control socket, as latin1. */
export interface ControlMessage {
  readonly octets: string
  readonly ending: 'await' | 'half-close' | 'cut'
}

/** What has to come back: that it worked, an error, or whatever else is JSON, or nothing at all. */
export interface ControlRule {
  readonly effect: 'done' | 'refused' | 'open'
}

const CLAUSE =
  'what the agent promises of its control socket: each line is answered by a line of JSON, an error for what is no command'

type ControlBreakage = Breakage<ControlMessage, ControlRule>

const refused: ControlRule = { effect: 'refused' }
const open: ControlRule = { effect: 'open' }

const lineText = fc.string({
  unit: fc
    .integer({ min: 0, max: 255 })
    .filter((code) => code !== 10 && code !== 13)
    .map((code) => String.fromCharCode(code)),
  maxLength: 80,
})

function command(
  breakage: string,
  rule: ControlRule,
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): ControlBreakage {
  return {
    element: 'line',
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, text) => ({ ...message, octets: `${text}\n` }),
  }
}

const breakages: readonly ControlBreakage[] = [
  command(
    'that is no JSON',
    refused,
    [
      '{',
      'nonsense',
      "{'command': 'status'}",
      '{"command": "status"',
      '\0',
      '\u00ff\u00fe',
      '[',
      '{"command": "status"}}',
      '{"a": 1e',
      'GET / HTTP/1.1',
      '<a/>',
      '['.repeat(100_000),
      '{"a":'.repeat(50_000),
    ],
    lineText.map((text) => `}${text}`),
  ),
  command('that is no object', refused, ['[]', 'null', '1', '"status"', 'true', '[{"command": "status"}]']),
  command('without a command', refused, [
    '{}',
    '{"command": null}',
    '{"command": 1}',
    '{"command": ["status"]}',
    '{"command": {"a": 1}}',
    '{"Command": "status"}',
    '{"command": ""}',
    '{"__proto__": {"command": "status"}}',
  ]),
  command('with an unknown command', refused, [
    '{"command": "nonsense"}',
    '{"command": "STATUS"}',
    '{"command": "status "}',
    '{"command": "constructor"}',
    '{"command": "__proto__"}',
    '{"command": "toString"}',
  ]),
  command('with a command that lacks something', refused, [
    '{"command": "set"}',
    '{"command": "set", "path": "Device.X"}',
    '{"command": "set", "path": 1, "value": {}}',
    '{"command": "set", "path": "", "value": ""}',
    '{"command": "set", "path": "Device.No.Such", "value": "x"}',
    '{"command": "set-clock"}',
    '{"command": "set-clock", "time": "soon"}',
    '{"command": "provision", "acsUrl": 1}',
    '{"command": "standby", "seconds": "-1"}',
    '{"command": "du", "operation": "nonsense"}',
    '{"command": "lan-device"}',
    '{"command": "autonomous-transfer"}',
  ]),
  command('with more than it needs', { effect: 'done' }, [
    '{"command": "status", "more": 1}',
    '  {"command":"status"}  ',
    '{"command": "status", "value": {"a": [1, 2]}}',
    '\t{"command": "status"}\r',
  ]),
  command('that calls an object', open, [
    '{"object": "tr069"}',
    '{"object": 1, "method": 2}',
    '{"object": "tr069", "method": "nonsense"}',
    '{"object": "nonsense", "method": "status"}',
    '{"object": "tr069", "method": "status", "params": []}',
    '{"object": "tr069", "method": "status", "params": null}',
  ]),
  command('that is very long', refused, [
    'x'.repeat(10_000),
    'x'.repeat(2_000_000),
    `{"command": "${'x'.repeat(500_000)}"}`,
  ]),
  command(
    'of any kind',
    open,
    ['', ' ', '\r', '{"command": "set", "path": "Device.DeviceInfo.ModelName", "value": "x"}'],
    lineText,
  ),
  {
    element: 'octets',
    breakage: 'without the end of the line',
    rule: open,
    change: (message) => ({ ...message, octets: message.octets.trimEnd(), ending: 'half-close' }),
  },
  {
    element: 'octets',
    breakage: 'of many lines',
    rule: { effect: 'done' },
    samples: ['2', '50', '1000'],
    change: (message, count) => ({ ...message, octets: message.octets.repeat(Number(count)) }),
  },
  {
    element: 'ending',
    breakage: 'at once',
    rule: open,
    change: (message) => ({ ...message, ending: 'cut' }),
  },
]

/** Lines for the control socket of an agent. */
export function controlLines(): BreakageLanguage<ControlMessage, ControlRule> {
  const command: ControlMessage = { octets: '{"command": "status"}\n', ending: 'await' }
  return new BreakageLanguage('control', { command }, breakages)
}

/** An agent whose control socket gets octets; after each it is asked properly. */
export class ControlArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between sessions'
  readonly #cpe: TestBed
  readonly #path: string
  readonly #language: BreakageLanguage<ControlMessage, ControlRule>

  constructor(cpe: TestBed, path: string, language: BreakageLanguage<ControlMessage, ControlRule>) {
    this.#cpe = cpe
    this.#path = path
    this.#language = language
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const message = this.#language.build(one)
    const effects = this.#language.rulesOf(one).map(({ effect }) => effect)
    // Two things that are wrong may cancel each other out.
    const effect = effects.length > 1 ? 'open' : (effects[0] ?? 'done')
    const text = await this.#put(message, effect !== 'open', signal)
    const probe = await this.#put({ octets: '{"command": "status"}\n', ending: 'await' }, true, signal)
    if (classOf(probe) !== 'done') {
      const kind = (await this.#cpe.dut.alive(signal)) ? 'hang' : 'crash'
      return { answer: classOf(text), wrong: { ...wrongAnswer('done', probe), kind } }
    }
    const wrong = this.#judge(effect, text)
    return { answer: classOf(text), ...(wrong && { wrong }) }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    await this.#cpe.dut.powerCycle(signal)
    const timeoutMs = this.#cpe.profile.pixit.timing.rebootSeconds * 1000
    await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
  }

  async close(): Promise<void> {}

  #judge(effect: ControlRule['effect'], text: string): Wrong | undefined {
    const { acsUsername, acsPassword, connectionRequestUsername, connectionRequestPassword } =
      this.#cpe.profile.pixit.credentials
    const secrets = telling(
      [acsPassword, connectionRequestPassword],
      [acsUsername, connectionRequestUsername],
    )
    if (secrets.some((secret) => text.includes(secret)))
      return { ...wrongAnswer('an answer without passwords', 'one with a password'), kind: 'leak' }
    const came = classOf(text)
    if (effect === 'open' ? came === 'no JSON' : came !== effect) return wrongAnswer(effect, text)
    return undefined
  }

  /** Sends octets and gives what comes back: up to the end of the first line if one is due, or nothing when none comes. */
  async #put(message: ControlMessage, isDue: boolean, signal: AbortSignal): Promise<string> {
    const { transcript, profile } = this.#cpe
    const connection = transcript.nextConnection()
    const octets = Buffer.from(message.octets, 'latin1')
    const socket = connect({ path: this.#path, allowHalfOpen: true })
    // What becomes of the connection shows in what came.
    socket.on('error', () => {})
    const timeoutMs = profile.pixit.timing.adapterSeconds * (isDue ? 1000 : 10)
    const waiting = new Waiting<void>({ timeoutMs, signal }, () => new Error('late'))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('\n')) waiting.resolve()
    })
    for (const event of ['end', 'close']) socket.on(event, () => waiting.resolve())
    try {
      await once(socket, 'connect', { signal })
      transcript.record({ connection, direction: 'acs→cpe', kind: 'http-body', octets })
      socket.write(octets)
      if (message.ending === 'half-close') socket.end()
      if (message.ending === 'cut') socket.destroy()
      await waiting.promise
    } catch {
      signal.throwIfAborted()
    } finally {
      socket.destroy()
    }
    if (text !== '') transcript.record({ connection, direction: 'cpe→acs', kind: 'http-body', octets: text })
    return text
  }
}

/** What the first line of an answer is. */
function classOf(text: string): 'done' | 'refused' | 'nothing' | 'no JSON' {
  const [line = ''] = text.split('\n')
  if (line === '') return 'nothing'
  try {
    const answer: unknown = JSON.parse(line)
    if (typeof answer !== 'object' || answer === null) return 'no JSON'
    return (answer as { ok?: unknown }).ok === true ? 'done' : 'refused'
  } catch {
    return 'no JSON'
  }
}

function wrongAnswer(expected: string, actual: string): Wrong {
  return {
    kind: 'answer',
    expected: [expected],
    actual: actual.slice(0, 200) || 'nothing',
    clause: CLAUSE,
    level: 'MUST',
  }
}
