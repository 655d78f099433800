import { randomBytes } from 'node:crypto'
import type { AcsConnection } from './connection.ts'
import type { Exchange } from './exchange.ts'
import type { AcsSession } from './session.ts'

const NAME = 'cwmp-session'
const OURS = new RegExp(`(?:^|[;,\\s])${NAME}="?([0-9a-f]+)`)

/** Sessions that are remembered after their end, for what a device still sends in them. */
const KEPT = 64

/** The sessions of an ACS by their cookies. */
export class SessionTable {
  readonly #sessions = new Map<string, AcsSession>()

  all(): AcsSession[] {
    return [...this.#sessions.values()]
  }

  newCookie(): string {
    return randomBytes(12).toString('hex')
  }

  /** Adds a session that has begun on this connection. */
  add(session: AcsSession, connection: AcsConnection): void {
    connection.session = session
    session.informExchange.session = session.cookie
    for (const [cookie, old] of this.#sessions) {
      if (this.#sessions.size < KEPT) break
      if (old.over) this.#sessions.delete(cookie)
    }
    this.#sessions.set(session.cookie, session)
  }

  /** The session of a request: by cookie; by connection, where the device returns none (TR-069 3.4.2). */
  find(exchange: Exchange, connection: AcsConnection): AcsSession | undefined {
    const cookies = exchange.header('cookie')
    const cookie = cookies === undefined ? undefined : OURS.exec(cookies)?.[1]
    const session = (cookie && this.#sessions.get(cookie)) || connection.session
    if (session || exchange.isInform) return session
    // Neither cookie nor connection: if one session alone has lost its connection, this goes on with it.
    const orphans = this.all().filter((one) => !one.over && one.isOrphan)
    return orphans.length === 1 ? orphans[0] : undefined
  }

  /** The header fields of an answer that make the device know its session. */
  headers(exchange: Exchange, connection: AcsConnection): [name: string, value: string][] {
    const { session } = connection
    return session?.informExchange === exchange ? [['Set-Cookie', `${NAME}=${session.cookie}; Path=/`]] : []
  }
}
