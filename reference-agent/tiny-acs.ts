/** An ACS that is just good enough for tests of the whole agent. */
import {
  buildEnvelope,
  type CwmpVersion,
  childNamed,
  escapeXml,
  parseEnvelope,
  type XmlElement,
} from './soap/soap.ts'
import { type ScriptedAnswer, ScriptedServer } from './transport/scripted-server.ts'

export interface ReceivedSession {
  /** Request path of the Inform. */
  path: string
  /** Event codes; those with a CommandKey as `M Reboot(key)`. */
  events: string[]
  retryCount: number
  parameters: Map<string, string>
  /** Methods that the CPE called. */
  calls: string[]
  /** The elements of those calls. */
  called: XmlElement[]
  /** Elements that answered the plan. */
  answers: XmlElement[]
}

const DEADLINE = 15_000

export class TinyAcs {
  /** Body elements to send in the next session, in this order; a function is called when its turn has come. */
  plan: (string | (() => string | Promise<string>))[] = []
  /** Version of CWMP that this ACS speaks. */
  version: CwmpVersion = '1.4'
  /** Instead of answering the Inform. */
  refuseWith: number | undefined
  /** How a call of that method is answered, when not by its empty response. */
  answerTo: (method: string) => ScriptedAnswer | 'cut' | undefined = () => undefined
  readonly #server: ScriptedServer
  readonly #ended: ReceivedSession[] = []
  #waiting: ((session: ReceivedSession) => void) | undefined
  #current: ReceivedSession | undefined

  private constructor(server: ScriptedServer) {
    this.#server = server
    server.script = ({ url, body }) => this.#answer(url, body)
  }

  static async listen(): Promise<TinyAcs> {
    return new TinyAcs(await ScriptedServer.listen(() => ({ status: 500 })))
  }

  url(path = '/acs'): string {
    return this.#server.url(path)
  }

  /** Resolves once no agent is connected. */
  deserted(): Promise<void> {
    return this.#server.deserted()
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  /** The next session that has ended, or whose Inform was refused; those that ended before the call count too. */
  next(): Promise<ReceivedSession> {
    const ended = this.#ended.shift()
    if (ended) return Promise.resolve(ended)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the agent opened no session')), DEADLINE)
      this.#waiting = (session) => {
        clearTimeout(timer)
        this.#waiting = undefined
        resolve(session)
      }
    })
  }

  /** The session under way. */
  get current(): ReceivedSession | undefined {
    return this.#current
  }

  /** Sessions that ended and that nobody has asked for. */
  get unclaimed(): number {
    return this.#ended.length
  }

  async #answer(path: string, body: string): Promise<ScriptedAnswer | 'cut'> {
    if (body === '') return this.#proceed()
    const { kind, method, id, body: element } = parseEnvelope(body)
    if (kind !== 'request') {
      this.#current?.answers.push(element)
      return this.#proceed()
    }
    if (method === 'Inform') {
      this.#current = readInform(path, element)
      if (this.refuseWith !== undefined) {
        this.#end()
        return { status: this.refuseWith }
      }
    } else {
      this.#current?.calls.push(method)
      this.#current?.called.push(element)
      const answer = this.answerTo(method)
      if (answer === 'cut') this.#end()
      if (answer) return answer
    }
    return { body: buildEnvelope(`<cwmp:${method}Response/>`, { version: this.version, id }) }
  }

  async #proceed(): Promise<ScriptedAnswer> {
    const next = this.plan.shift()
    if (next === undefined) {
      this.#end()
      return { status: 204 }
    }
    const body = typeof next === 'string' ? next : await next()
    return { body: buildEnvelope(body, { version: this.version, id: 'acs' }) }
  }

  #end(): void {
    const session = this.#current
    if (!session) return
    this.#current = undefined
    if (this.#waiting) this.#waiting(session)
    else this.#ended.push(session)
  }
}

function readInform(path: string, inform: XmlElement): ReceivedSession {
  const text = (element: XmlElement, name: string) => childNamed(element, name)?.text ?? ''
  const members = (name: string) => childNamed(inform, name)?.children ?? []
  return {
    path,
    events: members('Event').map((event) => {
      const key = text(event, 'CommandKey')
      return key === '' ? text(event, 'EventCode') : `${text(event, 'EventCode')}(${key})`
    }),
    retryCount: Number(text(inform, 'RetryCount')),
    parameters: new Map(members('ParameterList').map((each) => [text(each, 'Name'), text(each, 'Value')])),
    calls: [],
    called: [],
    answers: [],
  }
}

/** A SetParameterValues of strings; the types are those of the data model. */
export function setParameterValues(values: Record<string, string>, parameterKey = ''): string {
  const structs = Object.entries(values).map(
    ([name, value]) =>
      `<ParameterValueStruct><Name>${name}</Name><Value>${escapeXml(value)}</Value></ParameterValueStruct>`,
  )
  return [
    `<cwmp:SetParameterValues><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[${structs.length}]">`,
    ...structs,
    `</ParameterList><ParameterKey>${parameterKey}</ParameterKey></cwmp:SetParameterValues>`,
  ].join('')
}

export function getParameterValues(...names: string[]): string {
  const strings = names.map((name) => `<string>${name}</string>`).join('')
  return `<cwmp:GetParameterValues><ParameterNames soap-enc:arrayType="xsd:string[${names.length}]">${strings}</ParameterNames></cwmp:GetParameterValues>`
}

/** The values of a GetParameterValuesResponse, by name. */
export function valuesOf(response: XmlElement | undefined): Record<string, string> {
  const list = response && childNamed(response, 'ParameterList')
  return Object.fromEntries(
    (list?.children ?? []).map((each) => [
      childNamed(each, 'Name')?.text ?? '',
      childNamed(each, 'Value')?.text ?? '',
    ]),
  )
}
