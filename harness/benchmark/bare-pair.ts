import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { stopProcess } from './agent-process.ts'

/** A bare HTTP server here and a bare client in a process of its own, as ACS and agent are. */
export class BarePair {
  readonly #server: Server
  readonly #client: ChildProcess

  private constructor(server: Server, client: ChildProcess) {
    this.#server = server
    this.#client = client
  }

  static async start(requestOctets: number, answerOctets: number): Promise<BarePair> {
    const answer = Buffer.alloc(answerOctets, 0x61)
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': answer.length })
        response.end(answer)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const script = fileURLToPath(new URL('bare-client.ts', import.meta.url))
    const client = spawn(process.execPath, [script, String(port), String(requestOctets)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await once(client, 'message')
    return new BarePair(server, client)
  }

  /** Round trips per second over one round. */
  async run(pairs: number): Promise<number> {
    const began = performance.now()
    const done = once(this.#client, 'message')
    this.#client.send(pairs)
    await done
    return (pairs * 1000) / (performance.now() - began)
  }

  async stop(): Promise<void> {
    await stopProcess(this.#client)
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
