import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { WaitOptions } from '../acs/acs.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { HarnessError } from '../failure.ts'
import { type LightweightNotification, readLightweight } from './lightweight-notification.ts'
import { TransferLog } from './transfer-log.ts'

/** Takes lightweight notifications by UDP, as an ACS does, and keeps them for the case. */
export class LightweightReceiver {
  /** What goes back for each datagram that comes, though no ACS sends anything. */
  answers: readonly Uint8Array[] = []
  readonly #transcript: Transcript
  #socket: Socket
  readonly #log = new TransferLog<LightweightNotification>(
    ({ parameters }) => `a notification of ${[...parameters.keys()].join(', ') || 'nothing'}`,
  )

  private constructor(socket: Socket, transcript: Transcript) {
    this.#socket = socket
    this.#transcript = transcript
    this.#read()
  }

  /**
   * Listens on a free port, unless one is given.
   * @throws HarnessError when the address is not ours or the port is taken
   */
  static async listen({
    host,
    port = 0,
    transcript,
  }: {
    host: string
    port?: number
    transcript: Transcript
  }): Promise<LightweightReceiver> {
    return new LightweightReceiver(await bound(host, port), transcript)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /**
   * The first notification that fits and was not given out yet, come already or not.
   * @throws DeviceSilent when none comes in time
   */
  next(
    options: WaitOptions & { timeoutMs: number; where?: (notification: LightweightNotification) => boolean },
  ): Promise<LightweightNotification> {
    return this.#log.next('a lightweight notification', options)
  }

  /** Nobody listens at the port meanwhile: the network says so to whoever sends there. @throws HarnessError when somebody else takes it */
  async absent(deed: () => Promise<void>): Promise<void> {
    const { address, port } = this.#socket.address()
    await this.close()
    try {
      await deed()
    } finally {
      this.#socket = await bound(address, port)
      this.#read()
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #read(): void {
    const socket = this.#socket
    socket.on('message', (datagram, { address, port }) => {
      this.#transcript.note(`UDP datagram of ${datagram.length} octets from ${address}:${port}\n${datagram}`)
      this.#log.add(readLightweight(datagram, performance.now()))
      // A datagram that cannot be sent is as good as lost.
      for (const answer of this.answers) socket.send(answer, port, address, () => {})
    })
  }
}

/** @throws HarnessError when the address is not ours or the port is taken */
async function bound(host: string, port: number): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    socket.bind(port, host)
    await once(socket, 'listening')
    return socket
  } catch (error) {
    socket.close()
    throw new HarnessError(`cannot listen on UDP port ${port} of ${host}: ${(error as Error).message}`)
  }
}
