import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import {
  connectionError,
  type Measured,
  type TestCarrier,
  type TestTransfer,
  ThroughputError,
  testData,
  Watch,
} from './throughput.ts'

const HTTP_PORT = 80

/** GET and PUT over one persistent connection, without authentication. */
export class HttpCarrier implements TestCarrier {
  download(transfer: TestTransfer): Promise<Measured> {
    return this.exchange(transfer, { method: 'GET' }, (_, request) => request.end())
  }

  upload(transfer: TestTransfer, length: number): Promise<Measured> {
    const headers = { 'content-length': length, 'content-type': 'application/octet-stream' }
    return this.exchange(transfer, { method: 'PUT', headers }, (exchange, request) => {
      exchange.measured.began = transfer.clock.now()
      void sendAll(request, length, () => exchange.watch.alive()).then(() => {
        exchange.measured.ended = transfer.clock.now()
        exchange.measured.octets = exchange.socket.bytesWritten
      })
    })
  }

  /** One request and its response; `send` is called when the connection is there. */
  protected exchange(
    transfer: TestTransfer,
    options: { method: 'GET' | 'PUT'; headers?: Record<string, string | number> },
    send: (exchange: { measured: Measured; socket: Socket; watch: Watch }, request: ClientRequest) => void,
  ): Promise<Measured> {
    const { url, host, clock } = transfer
    const isDownload = options.method === 'GET'
    return new Promise((resolve, reject) => {
      const measured = {
        openRequest: clock.now(),
        openResponse: 0,
        requested: 0,
        began: 0,
        ended: 0,
        octets: 0,
      }
      const socket = connect({ host: host.address, port: Number(url.port) || HTTP_PORT })
      const end = (error?: ThroughputError) => {
        watch.end()
        outgoing.destroy()
        socket.destroy()
        if (error) reject(error)
        else resolve(measured)
      }
      const watch = new Watch(transfer, () => end(new ThroughputError(stateOfSilence(measured, isDownload))))
      const outgoing = request({
        createConnection: () => socket,
        host: url.hostname,
        port: url.port,
        path: url.pathname + url.search,
        ...options,
        headers: {
          ...options.headers,
          host: url.host,
          connection: 'keep-alive',
          'accept-encoding': 'identity',
        },
      })
      socket.once('connect', () => {
        measured.openResponse = clock.now()
        measured.requested = clock.now()
        send({ measured, socket, watch }, outgoing)
      })
      socket.on('data', (octets) => {
        watch.alive()
        if (!isDownload) return
        if (measured.began === 0) measured.began = clock.now()
        measured.ended = clock.now()
        measured.octets += octets.length
      })
      outgoing.on('error', (error) =>
        end(
          measured.openResponse === 0
            ? connectionError(error)
            : new ThroughputError(stateOfBreak(measured, isDownload), error.message),
        ),
      )
      outgoing.on('response', (response) => {
        response.on('error', (error) =>
          end(new ThroughputError(stateOfBreak(measured, isDownload), error.message)),
        )
        response.on('end', () => end(statusError(response, isDownload)))
        response.resume()
      })
    })
  }
}

/** Writes test data as fast as it is taken. */
async function sendAll(request: ClientRequest, length: number, alive: () => void): Promise<void> {
  for (const chunk of testData(length)) {
    if (request.destroyed) return
    if (!request.write(chunk)) await new Promise<void>((resolve) => request.once('drain', resolve))
    alive()
  }
  await new Promise<void>((resolve) => request.end(resolve))
}

function stateOfSilence({ openResponse, began }: Measured, isDownload: boolean): string {
  if (openResponse === 0) return 'Error_InitConnectionFailed'
  return began === 0 || !isDownload ? 'Error_NoResponse' : 'Error_Timeout'
}

function stateOfBreak({ began }: Measured, isDownload: boolean): string {
  return isDownload && began > 0 ? 'Error_TransferFailed' : 'Error_NoResponse'
}

function statusError({ statusCode = 0 }: IncomingMessage, isDownload: boolean): ThroughputError | undefined {
  if (statusCode >= 200 && statusCode < 300) return undefined
  const isLogin = statusCode === 401 || statusCode === 407
  const state = isLogin ? 'Error_LoginFailed' : isDownload ? 'Error_TransferFailed' : 'Error_Other'
  return new ThroughputError(state, `HTTP status ${statusCode}`)
}
