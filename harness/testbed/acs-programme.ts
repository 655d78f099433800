import type { GenieAcs } from '../acs/acs.ts'
import type { Profile } from '../dut/dut.ts'

/**
 * What the real ACS is told before it meets a device. It looks for changes of these every five seconds only, so that cases choose by tags
 * and tasks what of it is to happen.
 */

/** Presets for devices with a tag: what is tagged so gets the provision of the same name in every session. */
export const tagged = { converge: 'conformance_converge', row: 'conformance_row' } as const

/** Provisions that a task may name. */
export const provisions = {
  ...tagged,
  enrol: 'conformance_enrol',
  watchActively: 'conformance_watch_actively',
  watchPassively: 'conformance_watch_passively',
  unwatch: 'conformance_unwatch',
  noRow: 'conformance_no_row',
  /** Of the parameter that its argument names. A task of the ACS's own does not read what it has heard of in the same second. */
  read: 'conformance_read',
} as const

/** A virtual parameter that shows another one with `of ` before it, and sets that one when it is set. */
export const virtualParameter = 'conformance_shown'

/** Serial numbers of a crowd begin with this and a dash. Nobody calls its devices: they come by themselves. */
export const crowdSerial = 'CROWD'

/** Text by which the row of the provision `row` is known. */
export const rowMark = 'conformance row'

/** The value that the provision `converge` wants. */
export const convergedValue = 'conformance.converged'

export async function programme(genie: GenieAcs, { cwmp: { root }, pixit }: Profile): Promise<void> {
  const { connectionRequestUsername, connectionRequestPassword } = pixit.credentials
  const { writableString, writableBoolean } = pixit.parameters
  const { writable: table } = pixit.tables
  const server = `${root}ManagementServer.`
  const set = (path: string, value: string | boolean) => declare(path, `{ value: ${JSON.stringify(value)} }`)
  const notify = (level: number) => declare(writableBoolean.path, `{ notification: ${level} }`)

  await genie.putProvision(
    provisions.enrol,
    [
      // No ACS can read back what it has to show to a device.
      set(`${server}ConnectionRequestUsername`, connectionRequestUsername),
      set(`${server}ConnectionRequestPassword`, connectionRequestPassword),
      set(`${server}PeriodicInformEnable`, false),
    ].join('\n'),
  )
  // It reads anew what it has set: only then can it loop.
  const path = JSON.stringify(writableString.path)
  const wanted = JSON.stringify(convergedValue)
  await genie.putProvision(
    provisions.converge,
    `declare(${path}, { value: Date.now() }, { value: ${wanted} });`,
  )
  await genie.putProvision(provisions.read, 'declare(args[0], { value: Date.now() });')
  await genie.putProvision(provisions.watchActively, notify(2))
  await genie.putProvision(provisions.watchPassively, notify(1))
  await genie.putProvision(provisions.unwatch, notify(0))
  if (table) {
    const row = `${table.path}[${table.parameter}:${rowMark}]`
    const column = JSON.stringify(`${table.path}*.${table.parameter}`)
    await genie.putProvision(
      provisions.row,
      `const now = Date.now();
      declare(${column}, { path: now, value: now });
      ${declare(row, '{ path: 1 }')}`,
    )
    await genie.putProvision(provisions.noRow, declare(row, '{ path: 0 }'))
  }
  await genie.putVirtualParameter(
    virtualParameter,
    `const path = ${JSON.stringify(writableString.path)};
    let value;
    if (args[1].value) {
      value = args[1].value[0];
      declare(path, null, { value: value.slice(3) });
    } else value = 'of ' + declare(path, { value: Date.now() }).value[0];
    return { writable: true, value: [value, 'xsd:string'] };`,
  )
  await genie.putPreset(provisions.enrol, {
    events: { '0 BOOTSTRAP': true },
    precondition: `DeviceID.SerialNumber NOT LIKE "${crowdSerial}-%"`,
    configurations: [{ type: 'provision', name: provisions.enrol }],
  })
  for (const tag of Object.values(tagged)) {
    if (tag === tagged.row && !table) continue
    await genie.putPreset(tag, {
      precondition: JSON.stringify({ _tags: tag }),
      configurations: [{ type: 'provision', name: tag }],
    })
  }
}

/** A statement of a provision: what there has to be, for the ACS to bring about. */
function declare(path: string, wanted: string): string {
  return `declare(${JSON.stringify(path)}, null, ${wanted});`
}
