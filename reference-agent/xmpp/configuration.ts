/** The UCI file `cwmp_xmpp` and Device.XMPP say the same: what the file says is set at a boot, what changes is written into the file. */
import { fromOption, type KeptFile, toOption, type UciSection } from '../config/config.ts'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { Log } from '../platform/platform.ts'
import { fingerprint } from '../provisioning.ts'
import type { CpeService, Device } from '../services/service.ts'
import { CwmpFault } from '../soap/soap.ts'
import { CONNECTION_OPTIONS, SERVER_OPTIONS, type XmppOption } from './options.ts'
import { ALLOWED, CONNECTIONS, REFERENCE } from './paths.ts'

/** What is remembered of the file. */
interface Remembered {
  /** Paths of rows, by the sections that stand for them. */
  rows: Record<string, string>
  /** Fingerprints of what was taken over already: what the ACS has changed since stays. */
  applied: Record<string, string>
}

/** A section of the file and the row that it stands for. */
interface Place {
  key: string
  section: UciSection
  row: string
  options: readonly XmppOption[]
}

const SECTION = 'xmppConfiguration'
const CONNECTION = 'xmpp_connection'
const SERVER = 'xmpp_connection_server'
const MAIN = 'xmpp'

export class XmppConfiguration implements CpeService {
  readonly #device: Device
  readonly #log: Log
  readonly #changed = new Set<string>()
  /** Parameters of which the file says what they cannot be: that stays for whoever wrote it, until they change. */
  readonly #refused = new Set<string>()
  #isUnsaved = false

  constructor(device: Device) {
    this.#device = device
    this.#log = device.log.about('configuration')
  }

  configure(): void {
    this.read(false)
  }

  /** What a power cut kept from being written last time. */
  start(): void {
    const file = this.#file
    if (!file) return
    for (const { section, row, options } of this.#places(file, this.#remembered.rows, () => 0))
      for (const { option, parameter } of options)
        if (section.options.has(option) && !this.#refused.has(row + parameter))
          this.#changed.add(row + parameter)
    if (file.content.section(MAIN)) this.#changed.add(REFERENCE)
    this.#write()
  }

  stop(): void {
    this.#write()
  }

  changed({ path }: ParameterChange): void {
    if (!path.startsWith(CONNECTIONS) && path !== REFERENCE && path !== ALLOWED) return
    this.#changed.add(path)
    this.#refused.delete(path)
    // A session writes once, at its end.
    if (!this.#device.inSession) this.#write()
  }

  sessionEnded(): void {
    this.#write()
  }

  /** Takes over what the file says and did not say last time. With `report` the ACS is told of it where it wants to know. */
  read(report: boolean): void {
    const file = this.#file
    if (!file) return
    const remembered = this.#remembered
    const places = this.#places(file, remembered.rows, (table) => this.#device.tree.addRowLocally(table))
    for (const section of file.content.sections)
      if (section.type === SERVER && !places.some((each) => each.section === section))
        file.complain(SERVER, 'id_connection names no connection')
    const rows = Object.fromEntries(places.map(({ key, row }) => [key, row]))
    for (const [key, row] of Object.entries(remembered.rows))
      if (!Object.hasOwn(rows, key) && this.#isThere(row)) this.#device.tree.deleteRowLocally(row)
    // The rows are remembered before anything else can fail: they are not to be added twice.
    this.#remember({ ...remembered, rows })
    this.#refused.clear()
    const said = this.#said(file, places)
    for (const place of places) this.#apply(place, file, remembered.applied, said, report)
    this.#applyMain(file, rows, remembered.applied, said, report)
    this.#remember({ rows, applied: this.#said(file, places) })
  }

  get #file(): KeptFile | undefined {
    const { options, tree } = this.#device
    return tree.get(REFERENCE) ? options.configuration?.xmpp : undefined
  }

  get #remembered(): Remembered {
    return this.#device.store.get<Remembered>(SECTION) ?? { rows: {}, applied: {} }
  }

  #remember(remembered: Remembered): void {
    this.#device.store.commit({ [SECTION]: remembered })
  }

  #isThere(row: string): boolean {
    const table = row.replace(/\d+\.$/, '')
    return this.#device.tree.rows(table).includes(row)
  }

  /** All sections with their rows; `add` gives the number of a new row in a table. */
  #places(file: KeptFile, known: Readonly<Record<string, string>>, add: (table: string) => number): Place[] {
    const { sections } = file.content
    const rowOf = (key: string, table: string) => {
      const row = known[key]
      return row !== undefined && this.#isThere(row) ? row : `${table}${add(table)}.`
    }
    const connections = sections
      .filter(({ type }) => type === CONNECTION)
      .map((section, index) => {
        const key = `connection ${section.options.get('connection_instance') || index + 1}`
        return { key, section, row: rowOf(key, CONNECTIONS), options: CONNECTION_OPTIONS }
      })
    const servers = sections
      .filter(({ type }) => type === SERVER)
      .flatMap((section, index) => {
        const number = section.options.get('id_connection') || '1'
        const connection = connections.find(({ key }) => key === `connection ${number}`)
        const key = `server ${number} ${section.options.get('connection_server_instance') || index + 1}`
        if (!connection) return []
        return [{ key, section, row: rowOf(key, `${connection.row}Server.`), options: SERVER_OPTIONS }]
      })
    return [...connections, ...servers]
  }

  /** Fingerprints of everything that the file says and that can be. */
  #said({ content }: KeptFile, places: readonly Place[]): Record<string, string> {
    const main = content.section(MAIN)
    const all = [
      ...places.flatMap(({ key, section, row, options }) =>
        options
          .filter(({ parameter }) => !this.#refused.has(row + parameter))
          .map(({ option }) => [`${key}.${option}`, section.options.get(option)] as const),
      ),
      ['reference', main && `${main.options.get('enable')} ${main.options.get('id')}`] as const,
      ['allowed_jid', this.#refused.has(ALLOWED) ? undefined : main?.options.get('allowed_jid')] as const,
    ]
    return Object.fromEntries(
      all.flatMap(([key, text]) => (text === undefined ? [] : [[key, fingerprint(text)]])),
    )
  }

  #apply(
    { key, section, row, options }: Place,
    file: KeptFile,
    before: Readonly<Record<string, string>>,
    now: Readonly<Record<string, string>>,
    report: boolean,
  ): void {
    for (const { option, parameter, form } of options) {
      const text = section.options.get(option) ?? ''
      const id = `${key}.${option}`
      if (text === '' || before[id] === now[id]) continue
      const value = fromOption(form, text)
      if (value === undefined) {
        this.#refused.add(row + parameter)
        file.complain(id, '0 or 1 is expected')
      } else this.#set(file, row + parameter, value, report)
    }
  }

  #applyMain(
    file: KeptFile,
    rows: Readonly<Record<string, string>>,
    before: Readonly<Record<string, string>>,
    now: Readonly<Record<string, string>>,
    report: boolean,
  ): void {
    const main = file.content.section(MAIN)
    if (!main) return
    if (before.reference !== now.reference) {
      const isEnabled = fromOption('boolean', main.options.get('enable') ?? '') === 'true'
      const row = isEnabled ? rows[`connection ${main.options.get('id')}`] : undefined
      this.#set(file, REFERENCE, row?.replace(/\.$/, '') ?? '', report)
    }
    const allowed = main.options.get('allowed_jid')
    if (allowed !== undefined && before.allowed_jid !== now.allowed_jid)
      this.#set(file, ALLOWED, allowed, report)
  }

  #set(file: KeptFile, path: string, value: string, report: boolean): void {
    try {
      this.#device.tree.setLocally(path, value, { report })
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error
      this.#refused.add(path)
      this.#log.warning(`${file.path}: ${path}: ${error.faultString}`)
    }
  }

  /** The state has every change already: a file that cannot be written loses none. */
  #write(): void {
    const file = this.#file
    if (!file || (this.#changed.size === 0 && !this.#isUnsaved)) return
    const rows = this.#withSections(file)
    const places = this.#places(file, rows, () => 0)
    for (const place of places) this.#writePlace(file, place)
    this.#writeMain(file, rows)
    this.#changed.clear()
    if (!this.#isUnsaved) return
    try {
      file.save()
      this.#isUnsaved = false
      this.#remember({ rows, applied: this.#said(file, places) })
    } catch (error) {
      this.#log.warning(`${file.path} cannot be written: ${(error as Error).message}`)
    }
  }

  /** Gives each row a section and takes out those whose rows are gone. Returns the rows by their sections. */
  #withSections(file: KeptFile): Record<string, string> {
    const { tree } = this.#device
    const { content } = file
    const known = this.#remembered.rows
    const rows = Object.fromEntries(Object.entries(known).filter(([, row]) => this.#isThere(row)))
    const places = this.#places(file, known, () => 0)
    const gone = places.filter(({ key }) => !Object.hasOwn(rows, key))
    // What has no number counts by its place, which may be another one afterwards.
    if (gone.length > 0) for (const { key, section } of places) this.#number(file, section, key)
    for (const { section } of gone) content.remove(section)
    for (const row of tree.rows(CONNECTIONS)) {
      const key = keyOf(rows, row) ?? freeKey(rows, 'connection', row)
      if (!Object.hasOwn(rows, key)) {
        rows[key] = row
        const section = this.#addSection(file, CONNECTION, row)
        this.#number(file, section, key)
      }
      for (const server of tree.rows(`${row}Server.`)) {
        if (keyOf(rows, server) !== undefined) continue
        const serverKey = freeKey(rows, `server ${lastOf(key)}`, server)
        rows[serverKey] = server
        const section = this.#addSection(file, SERVER, server)
        this.#put(file, section, 'id_connection', lastOf(key))
        this.#number(file, section, serverKey)
      }
    }
    return rows
  }

  #number(file: KeptFile, section: UciSection, key: string): void {
    const option = section.type === CONNECTION ? 'connection_instance' : 'connection_server_instance'
    this.#put(file, section, option, lastOf(key))
  }

  /** A new section says everything of its row. */
  #addSection(file: KeptFile, type: string, row: string): UciSection {
    const options = type === CONNECTION ? CONNECTION_OPTIONS : SERVER_OPTIONS
    for (const { parameter } of options) this.#changed.add(row + parameter)
    return file.content.add(type)
  }

  #writePlace(file: KeptFile, { section, row, options }: Place): void {
    for (const { option, parameter, form } of options) {
      const value = this.#device.tree.get(row + parameter)?.value
      if (value === undefined || this.#refused.has(row + parameter)) continue
      // Defaults that the file does not speak of stay unsaid.
      if (section.options.has(option) || this.#changed.has(row + parameter))
        this.#put(file, section, option, toOption(form, value))
    }
  }

  #writeMain(file: KeptFile, rows: Readonly<Record<string, string>>): void {
    const { tree } = this.#device
    if (!this.#changed.has(REFERENCE) && !this.#changed.has(ALLOWED)) return
    const main = file.content.section(MAIN) ?? file.content.add('cwmp', MAIN)
    const key = keyOf(rows, `${tree.get(REFERENCE)?.value}.`)
    this.#put(file, main, 'enable', key === undefined ? '0' : '1')
    if (key !== undefined) this.#put(file, main, 'id', lastOf(key))
    if (!this.#refused.has(ALLOWED)) this.#put(file, main, 'allowed_jid', tree.get(ALLOWED)?.value ?? '')
  }

  #put(file: KeptFile, section: UciSection, option: string, text: string): void {
    if ((section.options.get(option) ?? '') === text) return
    if (file.content.setIn(section, option, text)) this.#isUnsaved = true
    else file.complain(option, 'a value with a line break cannot be written')
  }
}

function keyOf(rows: Readonly<Record<string, string>>, row: string): string | undefined {
  return Object.entries(rows).find(([, each]) => each === row)?.[0]
}

/** The number of the row, or the next one that no section has. */
function freeKey(rows: Readonly<Record<string, string>>, kind: string, row: string): string {
  for (let number = Number(row.split('.').at(-2)); ; number++) {
    const key = `${kind} ${number}`
    if (!Object.hasOwn(rows, key)) return key
  }
}

function lastOf(key: string): string {
  return key.split(' ').at(-1) ?? ''
}
