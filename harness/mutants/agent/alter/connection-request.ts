import type { IncomingMessage } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import {
  ConnectionRequestServer,
  DigestVerifier,
} from '../../../../reference-agent/connection-request/connection-request.ts'

/** Means to break how the reference agent takes connection requests, from outside. */

type ServerClass = new (
  ...args: ConstructorParameters<typeof ConnectionRequestServer>
) => ConnectionRequestServer

/** Puts a subclass in place of the server. */
export function alterServer(
  parts: AgentParts,
  subclass: (base: typeof ConnectionRequestServer) => ServerClass,
): void {
  const Altered = subclass(ConnectionRequestServer)
  parts.createConnectionRequestServer = (options) => new Altered(options)
}

type VerifierClass = new (...args: ConstructorParameters<typeof DigestVerifier>) => DigestVerifier

/** Puts a subclass in place of what judges credentials. */
export function alterVerifier(
  parts: AgentParts,
  subclass: (base: typeof DigestVerifier) => VerifierClass,
): void {
  const Altered = subclass(DigestVerifier)
  parts.createDigestVerifier = (options) => new Altered(options)
}

/** Grants what this says, and judges all else properly. */
export function grants(parts: AgentParts, granted: (request: IncomingMessage) => boolean): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override judge(request: IncomingMessage) {
          return granted(request) ? 200 : super.judge(request)
        }
      },
  )
}

/** Changes the credentials that connection requests are judged by. */
export function alterAccount(
  parts: AgentParts,
  alter: (account: { username: string; password: string }) => { username: string; password: string },
): void {
  const { createDigestVerifier } = parts
  parts.createDigestVerifier = (options) =>
    createDigestVerifier({ ...options, credentials: () => alter(options.credentials()) })
}

/** Changes the Authorization field before it is judged. */
export function alterShown(parts: AgentParts, alter: (authorization: string) => string): void {
  alterVerifier(
    parts,
    (Base) =>
      class extends Base {
        override verify(method: string, target: string, authorization: string | undefined) {
          return super.verify(method, target, authorization && alter(authorization))
        }
      },
  )
}

/** Another server stands before the proper one: `admit` decides which connections get through, and when. */
export function guardDoor(
  parts: AgentParts,
  admit: (caller: Socket, through: (octets?: Buffer) => void, close: () => void) => void,
): void {
  class Guarded extends ConnectionRequestServer {
    readonly #place: { host: string; port: number }
    #door: Server | undefined

    constructor(options: ConstructorParameters<typeof ConnectionRequestServer>[0]) {
      super({ ...options, port: 0 })
      this.#place = options
    }

    override async listen(): Promise<void> {
      await super.listen()
      const inner = super.port
      const door = createServer((caller) => {
        caller.on('error', () => {})
        admit(
          caller,
          (octets) => {
            const onward = connect(inner, this.#place.host)
            onward.on('error', () => caller.destroy())
            if (octets) onward.write(octets)
            caller.pipe(onward).pipe(caller)
          },
          () => door.close(),
        )
      })
      this.#door = door
      await new Promise<void>((resolve, reject) => {
        door.once('error', reject)
        door.listen(this.#place.port, this.#place.host, resolve)
      })
    }

    override get port(): number {
      return (this.#door?.address() as { port: number } | null | undefined)?.port ?? 0
    }

    override async close(): Promise<void> {
      this.#door?.close()
      await super.close()
    }
  }
  parts.createConnectionRequestServer = (options) => new Guarded(options)
}
