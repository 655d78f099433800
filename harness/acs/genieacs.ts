import { setTimeout } from 'node:timers/promises'
import { Agent, type Dispatcher, request } from 'undici'
import { HarnessError } from '../failure.ts'

/**
 * Milliseconds between two looks at what is under way. Devices may refuse connection requests that come faster than a few in a second, and
 * what a virtual parameter has fetched a moment ago the ACS takes for fresh.
 */
const LOOK_MS = 250

/** Milliseconds that a session may go on: one that a device has left open ends at the ACS by then, too. */
const LONGEST_SESSION_MS = 120_000

/** A query or projection may name a parameter by its path, such as `Device.DeviceInfo.SoftwareVersion`. */
export type Query = Readonly<Record<string, unknown>>

/** A value with its type, as it stands in a task. */
export type ParameterValue = readonly [path: string, value: string | number | boolean, type?: string]

/** What the ACS is to do with a device, each the RPC of that name or several of them. */
export type Task =
  | { readonly name: 'getParameterValues'; readonly parameterNames: readonly string[] }
  | { readonly name: 'setParameterValues'; readonly parameterValues: readonly ParameterValue[] }
  /** Reads names and values of all that is in it. */
  | { readonly name: 'refreshObject'; readonly objectName: string }
  | {
      readonly name: 'addObject'
      readonly objectName: string
      readonly parameterValues?: readonly ParameterValue[]
    }
  | { readonly name: 'deleteObject'; readonly objectName: string }
  | {
      readonly name: 'download'
      readonly fileType: string
      /** A file of the ACS, or a URL. */
      readonly fileName: string
      readonly targetFileName?: string
    }
  | { readonly name: 'provisions'; readonly provisions: readonly (readonly (string | number | boolean)[])[] }
  | { readonly name: 'reboot' }
  | { readonly name: 'factoryReset' }

/** What came of a task. */
export interface TaskResult {
  readonly id: string
  /** `done`: the session in which it was carried out is over; `queued`: it waits for the next one; `faulted`: the device refused it. */
  readonly state: 'done' | 'queued' | 'faulted'
  /** What the ACS says besides, e.g. `Device is offline`. */
  readonly reason: string
}

/** A device as the database has it: a tree of objects, with `_value` where a parameter is. */
export interface StoredDevice {
  readonly _id: string
  readonly _lastInform?: string
  readonly _lastBootstrap?: string
  readonly _lastBoot?: string
  readonly _registered?: string
  readonly _tags?: readonly string[]
  readonly _deviceId: {
    readonly _Manufacturer: string
    readonly _OUI: string
    readonly _ProductClass?: string
    readonly _SerialNumber: string
  }
  readonly [root: string]: unknown
}

/** Something that the ACS could not have done; it tries again later, and longer each time. */
export interface StoredFault {
  readonly _id: string
  readonly device: string
  /** `task_…` or `default`. */
  readonly channel: string
  /** `cwmp.9005`, or of the ACS's own. */
  readonly code: string
  readonly message: string
  readonly detail?: {
    readonly faultCode?: string
    readonly faultString?: string
    readonly setParameterValuesFault?: readonly {
      readonly parameterName: string
      readonly faultCode: string
      readonly faultString: string
    }[]
  }
  readonly retries: number
}

/** What the ACS is to run, and when. */
export interface Preset {
  readonly channel?: string
  readonly weight?: number
  /** Of events, whether they must have come (true) or must not; an Inform each time without any. */
  readonly events?: Readonly<Record<string, boolean>>
  /** A query in JSON that chooses devices. */
  readonly precondition?: string
  readonly configurations: readonly {
    readonly type: 'provision'
    readonly name: string
    readonly args?: readonly unknown[]
  }[]
}

/** What the ACS knows of a file. */
interface FileMetadata {
  /** Such as `1 Firmware Upgrade Image`. */
  readonly fileType: string
  readonly oui: string
  readonly productClass: string
  readonly version: string
}

/** Sections of the interface whose entries are put and deleted by name. */
type Section = 'presets' | 'provisions' | 'virtual_parameters' | 'files'

/** How long any answer may take. Two minutes is what the ACS itself waits for the end of a session. */
const ANSWER_MS = 130_000

/** The northbound interface of GenieACS 1.2, which wants no credentials. */
export class GenieAcs {
  readonly #origin: string
  readonly #agent = new Agent({ headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS })

  /** @param origin such as `http://127.0.0.1:7557` */
  constructor(origin: string) {
    this.#origin = origin
  }

  /** Devices that match; all of their parameters unless a projection names some. */
  devices(query: Query = {}, projection?: readonly string[]): Promise<StoredDevice[]> {
    return this.#find('devices', query, projection) as Promise<StoredDevice[]>
  }

  /** One device, if it is known. */
  async device(id: string, projection?: readonly string[]): Promise<StoredDevice | undefined> {
    return (await this.devices({ _id: id }, projection))[0]
  }

  /** Forgets a device, its tasks and its faults. @returns false while the device is in a session: nothing has been done then */
  async deleteDevice(id: string): Promise<boolean> {
    const { status } = await this.#call('DELETE', `/devices/${encodeURIComponent(id)}`, {
      accept: [200, 404, 503],
    })
    return status !== 503
  }

  /** Has a task wait for the next session. @returns its id */
  async queue(id: string, task: Task): Promise<string> {
    const { body } = await this.#call('POST', `/devices/${encodeURIComponent(id)}/tasks`, {
      body: JSON.stringify(task),
      accept: [202],
    })
    return idOf(body)
  }

  /**
   * Asks the device for a session and has the task carried out in it. The API can wait for that by itself, too, but looks twice a second only.
   * @param timeoutMs how long the session may take to begin
   */
  async run(id: string, task: Task, timeoutMs: number): Promise<TaskResult> {
    const queued = await this.queue(id, task)
    const refused = await this.requestConnection(id)
    if (refused !== undefined) return { id: queued, state: 'queued', reason: refused }
    const begun = performance.now()
    for (;;) {
      await setTimeout(LOOK_MS)
      // What the session brought is in the database once nobody holds it any more.
      const isInSession = await this.#isInSession(id)
      if (!isInSession && (await this.tasks({ _id: queued })).length === 0)
        return { id: queued, state: 'done', reason: '' }
      if (!isInSession && (await this.faults({ _id: `${id}:task_${queued}` })).length > 0)
        return { id: queued, state: 'faulted', reason: 'Task faulted' }
      const patience = isInSession ? timeoutMs + LONGEST_SESSION_MS : timeoutMs
      if (performance.now() - begun > patience)
        return { id: queued, state: 'queued', reason: `not carried out within ${patience / 1000} s` }
    }
  }

  async #isInSession(id: string): Promise<boolean> {
    const locks = (await this.#find('locks', { _id: `cwmp_session_${id}` })) as { readonly value?: string }[]
    return locks.some(({ value }) => value?.startsWith('cwmp_session_'))
  }

  /** Asks the device for a session. @returns undefined when it agreed, else why it did not */
  async requestConnection(id: string): Promise<string | undefined> {
    const path = `/devices/${encodeURIComponent(id)}/tasks?connection_request`
    const { status, reason, body } = await this.#call('POST', path, { accept: [200, 504] })
    return status === 200 ? undefined : body || reason
  }

  /** Tasks that wait. */
  tasks(query: Query): Promise<{ readonly _id: string; readonly device: string; readonly name: string }[]> {
    return this.#find('tasks', query) as Promise<{ _id: string; device: string; name: string }[]>
  }

  async deleteTask(task: string): Promise<void> {
    await this.#call('DELETE', `/tasks/${task}`, { accept: [200, 404] })
  }

  faults(query: Query): Promise<StoredFault[]> {
    return this.#find('faults', query) as Promise<StoredFault[]>
  }

  async deleteFault(fault: string): Promise<void> {
    await this.#call('DELETE', `/faults/${encodeURIComponent(fault)}`, { accept: [200, 404] })
  }

  async addTag(id: string, tag: string): Promise<void> {
    await this.#call('POST', `/devices/${encodeURIComponent(id)}/tags/${encodeURIComponent(tag)}`, {})
  }

  async removeTag(id: string, tag: string): Promise<void> {
    await this.#call('DELETE', `/devices/${encodeURIComponent(id)}/tags/${encodeURIComponent(tag)}`, {})
  }

  async putPreset(name: string, preset: Preset): Promise<void> {
    await this.#put(
      'presets',
      name,
      JSON.stringify({ weight: 0, channel: name, precondition: '', ...preset }),
    )
  }

  /** @param script in the language of the ACS: JavaScript with `declare`, `commit`, `log` */
  async putProvision(name: string, script: string): Promise<void> {
    await this.#put('provisions', name, script)
  }

  /** @param script as of a provision; returns `{ writable, value: [value, type] }` */
  async putVirtualParameter(name: string, script: string): Promise<void> {
    await this.#put('virtual_parameters', name, script)
  }

  /** Gives the ACS a file to serve. */
  async putFile(name: string, content: Uint8Array | string, metadata: FileMetadata): Promise<void> {
    await this.#put('files', name, content, { ...metadata })
  }

  /** Deletes an entry; one that is not there is no mistake. */
  async delete(section: Section, name: string): Promise<void> {
    await this.#call('DELETE', `/${section}/${encodeURIComponent(name)}`, { accept: [200, 404] })
  }

  close(): Promise<void> {
    return this.#agent.close()
  }

  async #put(
    section: Section,
    name: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.#call('PUT', `/${section}/${encodeURIComponent(name)}`, { body, headers, accept: [200, 201] })
  }

  async #find(
    collection: 'devices' | 'tasks' | 'faults' | 'locks',
    query: Query,
    projection?: readonly string[],
  ): Promise<unknown> {
    const search = new URLSearchParams({ query: JSON.stringify(query) })
    if (projection) search.set('projection', projection.join(','))
    const { body } = await this.#call('GET', `/${collection}/?${search}`, {})
    try {
      return JSON.parse(body)
    } catch {
      throw new HarnessError(`GenieACS answered GET /${collection} with no JSON: ${body.slice(0, 200)}`)
    }
  }

  /** @throws HarnessError when it does not answer, or with another status than the accepted ones (200 unless given) */
  async #call(
    method: Dispatcher.HttpMethod,
    path: string,
    options: {
      readonly body?: string | Uint8Array
      readonly headers?: Readonly<Record<string, string>>
      readonly accept?: readonly number[]
    },
  ): Promise<{ readonly status: number; readonly reason: string; readonly body: string }> {
    const { body = null, headers = {}, accept = [200] } = options
    try {
      const answer = await request(`${this.#origin}${path}`, {
        method,
        dispatcher: this.#agent,
        body,
        headers,
      })
      const text = await answer.body.text()
      const status = answer.statusCode
      if (!accept.includes(status))
        throw new HarnessError(`GenieACS answered ${method} ${path} with ${status}: ${text.slice(0, 200)}`)
      return { status, reason: answer.statusText ?? '', body: text }
    } catch (error) {
      if (error instanceof HarnessError) throw error
      throw new HarnessError(`GenieACS did not answer ${method} ${path}: ${(error as Error).message}`)
    }
  }
}

function idOf(task: string): string {
  return (JSON.parse(task) as { _id: string })._id
}

/** The value of a parameter in a stored device; undefined where it has none. */
export function storedValue(device: StoredDevice, path: string): unknown {
  return nodeAt(device, path)?._value
}

/** Whether the database knows the object or parameter. */
export function isStored(device: StoredDevice, path: string): boolean {
  return nodeAt(device, path) !== undefined
}

/** Instance numbers of the rows that the database knows of a table. */
export function storedRows(device: StoredDevice, table: string): string[] {
  return Object.keys(nodeAt(device, table) ?? {})
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
}

/** Number of parameters with a value. */
export function countValues(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0
  const entries = Object.entries(node)
  return (
    (('_value' in node ? 1 : 0) as number) +
    entries.reduce((sum, [key, child]) => sum + (key.startsWith('_') ? 0 : countValues(child)), 0)
  )
}

function nodeAt(device: StoredDevice, path: string): Record<string, unknown> | undefined {
  let node: unknown = device
  for (const name of path.split('.').filter((part) => part !== '')) {
    if (typeof node !== 'object' || node === null) return undefined
    node = (node as Record<string, unknown>)[name]
  }
  return node as Record<string, unknown> | undefined
}

/** As the ACS calls a device, by what its Informs say of it. */
export function deviceIdOf(device: {
  readonly OUI: string
  readonly ProductClass: string
  readonly SerialNumber: string
}): string {
  return [device.OUI, device.ProductClass, device.SerialNumber]
    .filter((part) => part !== '')
    .map(escaped)
    .join('-')
}

/** Everything but letters, digits and underscores as its octets in UTF-8 with a percent sign. */
function escaped(text: string): string {
  return [...text]
    .map((letter) =>
      /\w/.test(letter)
        ? letter
        : [...Buffer.from(letter)].map((octet) => `%${octet.toString(16).toUpperCase()}`).join(''),
    )
    .join('')
}
