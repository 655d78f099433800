import { HarnessError } from '../failure.ts'
import type { AdapterOf } from './adapter-profile.ts'
import type { Adapter, Provisioning } from './operations.ts'
import { Terminal } from './terminal.ts'

/** Who is asked. */
export interface Asker {
  /** Prints the lines and returns what is typed then. Rejects with the signal's reason. */
  ask(lines: readonly string[], prompt: string, signal: AbortSignal): Promise<string>
  close(): void
}

/**
 * A device that is driven by a person, who is told at the terminal what to do.
 * @throws {HarnessError} where there is no terminal
 */
export function openManual({ abilities }: AdapterOf<'manual'>, asker: Asker = Terminal.open()): Adapter {
  /** Has something done; whatever the person types instead of a bare Enter is why it could not be. */
  const have = async (lines: readonly string[], signal: AbortSignal): Promise<void> => {
    const reason = await asker.ask(lines, 'Enter when it is done, or why it cannot be done: ', signal)
    if (reason !== '') throw new HarnessError(`the person at the terminal says: ${reason}`)
  }
  const choose = async (lines: readonly string[], signal: AbortSignal): Promise<boolean> => {
    for (;;) {
      const word = (await asker.ask(lines, 'y or n: ', signal)).toLowerCase()
      if (['y', 'yes'].includes(word)) return true
      if (['n', 'no'].includes(word)) return false
    }
  }
  const all: Adapter = {
    provision: (wanted, signal) => have(provisioningLines(wanted), signal),
    alive: (signal) =>
      choose(['Does the agent of the device run? Look only, repair nothing: it may have crashed.'], signal),
    powerCycle: (signal) => have(['Cut the power of the device, and give it back.'], signal),
    factoryReset: (signal) =>
      have(
        [
          'Reset the device to what the factory had set.',
          'If it has forgotten its ACS then, tell it again what you were told last.',
        ],
        signal,
      ),
    setLocally: (path, value, signal) =>
      have(['At the device, as its user would, set', fact('parameter', path), fact('to', value)], signal),
    readLogs: async (signal) => {
      const lines = ['What does the log of the device say? Paste one line with what matters, or nothing.']
      return await asker.ask(lines, 'log: ', signal)
    },
    setClock: (time, signal) => have([`Set the clock of the device to ${time}.`], signal),
    clientCertificate: (shown, signal) =>
      have(
        shown
          ? ['Give the device this certificate and its key, to be shown over TLS.', shown.cert, shown.key]
          : ['Take its client certificate from the device.'],
        signal,
      ),
    dnsServer: (server, signal) =>
      have(
        [
          server
            ? `Have the device ask the DNS server ${server} for all names.`
            : 'Have the device ask its usual DNS server again.',
        ],
        signal,
      ),
    dhcpOptions: async (offer, signal) => {
      const { discover, ...options } = offer
      const lines = Object.entries(options).map(([name, octets]) => fact(name, octets ?? 'not offered'))
      const forgets = discover ? ['Make the device forget its ACS, by a factory reset if need be.'] : []
      await have(
        [...forgets, 'Have its DHCP server offer these octets, and the device take a new lease.', ...lines],
        signal,
      )
      return {}
    },
    lanDevice: ({ oui, serialNumber, productClass, present }, signal) =>
      have(
        [
          `In the LAN of the device, ${present ? 'have this one take a lease' : 'end the lease of this one'}:`,
          fact('OUI', oui),
          fact('serial number', serialNumber),
          fact('product class', productClass),
        ],
        signal,
      ),
    ownAct: ({ act, fileType, url }, signal) =>
      choose(
        [
          act === 'agree'
            ? 'Agree to the download for which the device asks.'
            : `Have the device do this of its own accord: ${act}.`,
          fact('file type', fileType),
          fact('URL', url),
          'Has it begun?',
        ],
        signal,
      ),
    standby: (seconds, signal) => have([`Send the device to sleep for ${seconds} s.`], signal),
    timeSource: (present, signal) =>
      have(
        [
          present
            ? 'Let the device learn the time again, as usual.'
            : 'Take from the device whatever it has the time from (time servers, a battery): it shall not know it after its next start.',
        ],
        signal,
      ),
    stop: async () => asker.close(),
  }
  const { provision, alive, stop } = all
  return {
    ...{ provision, alive, stop },
    ...Object.fromEntries(abilities.map((ability) => [ability, all[ability]])),
    endByForce: async () => asker.close(),
  }
}

function provisioningLines(wanted: Provisioning): string[] {
  return [
    'Tell the device its ACS, and have it open a session at once: restart it if nothing else does.',
    fact('URL of the ACS', wanted.acsUrl),
    fact('user name there', wanted.username),
    fact('password there', wanted.password),
    fact('user name of connection requests', wanted.connectionRequestUsername),
    fact('password of connection requests', wanted.connectionRequestPassword),
    fact('periodic Inform interval', wanted.periodicInformInterval?.toString()),
    ...(wanted.trustedCa ? ['It has to trust this certificate authority:', wanted.trustedCa] : []),
  ]
}

function fact(name: string, value: string | undefined): string {
  return `  ${name.padEnd(33)} ${value || '(as it is)'}`
}
