import { connect, type Socket } from 'node:net'
import { FtpControl } from './ftp-control.ts'
import {
  connectionError,
  type Measured,
  type TestCarrier,
  type TestTransfer,
  ThroughputError,
  testData,
  Watch,
} from './throughput.ts'

/** RETR and STOR in binary mode over a passive data connection. */
export class FtpCarrier implements TestCarrier {
  async download(transfer: TestTransfer): Promise<Measured> {
    return this.session(transfer, async (control) => {
      const { measured, data, watch } = await this.openData(control, transfer)
      try {
        const received = receiveAll(data, transfer, measured, watch)
        received.catch(() => {})
        measured.requested = transfer.clock.now()
        await control.expect(`RETR ${pathOf(transfer)}`, [125, 150], 'Error_TransferFailed')
        await received
        await control.expect(undefined, [226, 250], 'Error_TransferFailed')
        return measured
      } finally {
        watch.end()
        data.destroy()
      }
    })
  }

  async upload(transfer: TestTransfer, length: number): Promise<Measured> {
    return this.session(transfer, async (control) => {
      const { measured, data, watch } = await this.openData(control, transfer)
      try {
        measured.requested = transfer.clock.now()
        await control.expect(`STOR ${pathOf(transfer)}`, [125, 150], 'Error_NoSTOR')
        measured.began = transfer.clock.now()
        await sendAll(data, length, watch)
        measured.ended = transfer.clock.now()
        measured.octets = data.bytesWritten
        await control.expect(undefined, [226, 250], 'Error_NoTransferComplete')
        return measured
      } finally {
        watch.end()
        data.destroy()
      }
    })
  }

  /** Logs in, has something done, and hangs up. */
  protected async session(
    transfer: TestTransfer,
    work: (control: FtpControl) => Promise<Measured>,
  ): Promise<Measured> {
    const control = await FtpControl.open(transfer)
    try {
      await control.expect(undefined, [220], 'Error_NoResponse')
      const user = decodeURIComponent(transfer.url.username) || 'anonymous'
      const answer = await control.expect(`USER ${user}`, [230, 331], 'Error_PasswordRequestFailed')
      if (answer.code === 331) {
        const password = decodeURIComponent(transfer.url.password) || 'anonymous@'
        await control.expect(`PASS ${password}`, [230, 202], 'Error_LoginFailed')
      }
      await control.expect('TYPE I', [200], 'Error_NoTransferMode')
      return await work(control)
    } finally {
      control.close()
    }
  }

  /** Has the server listen and connects to it: to the host that is being tested, whatever address the server says. */
  protected async openData(
    control: FtpControl,
    transfer: TestTransfer,
  ): Promise<{ measured: Measured; data: Socket; watch: Watch }> {
    const port = await passivePort(control)
    const { clock, host } = transfer
    const measured = {
      openRequest: clock.now(),
      openResponse: 0,
      requested: 0,
      began: 0,
      ended: 0,
      octets: 0,
    }
    const data = connect({ host: host.address, port })
    const watch = new Watch(transfer, () => data.destroy(new ThroughputError('Error_Timeout')))
    await new Promise<void>((resolve, reject) => {
      data.once('error', (error) => reject(error instanceof ThroughputError ? error : connectionError(error)))
      data.once('connect', resolve)
    }).catch((error: Error) => {
      watch.end()
      throw error
    })
    measured.openResponse = clock.now()
    return { measured, data, watch }
  }
}

async function passivePort(control: FtpControl): Promise<number> {
  const extended = await control.command('EPSV')
  const port = /\(\|\|\|(\d+)\|\)/.exec(extended.text)?.[1]
  if (extended.code === 229 && port !== undefined) return Number(port)
  const { text } = await control.expect('PASV', [227], 'Error_NoPASV')
  const [, high, low] = /\d+,\d+,\d+,\d+,(\d+),(\d+)/.exec(text) ?? []
  if (high === undefined || low === undefined) throw new ThroughputError('Error_NoPASV', text)
  return Number(high) * 256 + Number(low)
}

function pathOf({ url }: TestTransfer): string {
  return decodeURIComponent(url.pathname)
}

function receiveAll(data: Socket, { clock }: TestTransfer, measured: Measured, watch: Watch): Promise<void> {
  return new Promise((resolve, reject) => {
    data.on('data', (octets) => {
      watch.alive()
      if (measured.began === 0) measured.began = clock.now()
      measured.ended = clock.now()
      measured.octets += octets.length
    })
    data.once('error', (error) =>
      reject(
        error instanceof ThroughputError ? error : new ThroughputError('Error_TransferFailed', error.message),
      ),
    )
    data.once('end', resolve)
  })
}

async function sendAll(data: Socket, length: number, watch: Watch): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    data.once('error', (error) =>
      reject(
        error instanceof ThroughputError
          ? error
          : new ThroughputError('Error_NoTransferComplete', error.message),
      ),
    )
  })
  failed.catch(() => {})
  for (const chunk of testData(length)) {
    if (!data.write(chunk))
      await Promise.race([failed, new Promise<void>((resolve) => data.once('drain', resolve))])
    watch.alive()
  }
  await Promise.race([failed, new Promise<void>((resolve) => data.end(resolve))])
}
