import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConnectionRequestServer } from '../../../reference-agent/connection-request/connection-request.ts'
import type { Standby } from '../../../reference-agent/standby/standby.ts'
import { alterServer, alterVerifier, grants } from './alter/connection-request.ts'
import { alterService } from './alter/service.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

const authorization = ({ headers }: IncomingMessage): string => headers.authorization ?? ''

export const mutants: readonly Mutant[] = [
  {
    name: 'crq-page-in-the-answer',
    cases: ['CRQ-ANSWER-001'],
    breaks: 'answers a granted connection request with a page',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override handle(request: IncomingMessage, response: ServerResponse): void {
              if (this.judge(request) !== 200) {
                super.handle(request, response)
                return
              }
              response.once('close', () => this.options.requested())
              response.end('<html>accepted</html>')
            }
          },
      ),
  },
  {
    name: 'crq-session-before-the-answer',
    cases: ['CRQ-ANSWER-002'],
    breaks: 'opens the session before it answers the connection request',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override handle(request: IncomingMessage, response: ServerResponse): void {
              if (this.judge(request) !== 200) {
                super.handle(request, response)
                return
              }
              this.options.requested()
              setTimeout(() => response.end(), 300)
            }
          },
      ),
  },
  {
    name: 'crq-tells-periodic',
    cases: ['CRQ-EVENT-001'],
    breaks: 'tells 2 PERIODIC after a connection request',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('6 CONNECTION REQUEST', '2 PERIODIC')),
  },
  {
    name: 'crq-offers-basic',
    cases: ['CRQ-AUTH-001'],
    breaks: 'offers basic credentials beside digest',
    apply: (parts) =>
      alterVerifier(
        parts,
        (Base) =>
          class extends Base {
            override challenges(stale: boolean): string[] {
              return [...super.challenges(stale), 'Basic realm="cwmp"']
            }
          },
      ),
  },
  {
    name: 'crq-any-password',
    cases: ['CRQ-AUTH-002', 'INT-CR-002'],
    breaks: 'looks at the user name only',
    apply: (parts) =>
      grants(parts, (request) => authorization(request).includes('username="conformance-acs"')),
  },
  {
    name: 'crq-answers-401-and-comes',
    cases: ['CRQ-AUTH-002', 'CRQ-AUTH-003', 'CRQ-AUTH-004'],
    language: 'connection-request',
    breaks: 'opens a session although it refused the connection request',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override handle(request: IncomingMessage, response: ServerResponse): void {
              super.handle(request, response)
              if (authorization(request) !== '') response.once('close', () => this.options.requested())
            }
          },
      ),
  },
  {
    name: 'crq-any-user',
    cases: ['CRQ-AUTH-003'],
    breaks: 'grants every digest with a user that it does not know',
    apply: (parts) => grants(parts, (request) => authorization(request).includes('username="nobody"')),
  },
  {
    name: 'crq-empty-user',
    cases: ['CRQ-AUTH-004'],
    breaks: 'grants digest credentials with an empty user name',
    apply: (parts) => grants(parts, (request) => authorization(request).includes('username=""')),
  },
  {
    name: 'crq-takes-basic',
    cases: ['CRQ-AUTH-005'],
    breaks: 'takes basic credentials, too',
    apply: (parts) => grants(parts, (request) => authorization(request).startsWith('Basic ')),
  },
  {
    name: 'crq-any-path',
    cases: ['CRQ-PATH-001'],
    breaks: 'takes connection requests on every path',
    apply: (parts) => {
      parts.createConnectionRequestServer = (options) =>
        new (class extends ConnectionRequestServer {
          protected override judge(request: IncomingMessage) {
            const path = (request.url ?? '').split('?', 1)[0] ?? ''
            const status = super.judge(request)
            if (status !== 404 || path === this.options.path) return status
            return this.options.verifier.verify('GET', request.url ?? '', authorization(request)) ===
              'accepted'
              ? 200
              : 401
          }
        })(options)
    },
  },
  {
    name: 'crq-breaks-the-session-off',
    cases: ['CRQ-SESSION-001'],
    breaks: 'breaks its session off for a connection request',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              super.occurred(code, commandKey)
              if (code === '6 CONNECTION REQUEST' && this.scheduler.running && this.running++ > 0)
                this.surroundings.reboot()
            }
            running = 0
          },
      ),
  },
  {
    name: 'crq-two-sessions-for-one-request',
    cases: ['CRQ-SESSION-001'],
    language: 'stateful',
    breaks: 'opens two sessions for a connection request that came during a session',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            #again = 0
            override occurred(code: string, commandKey?: string): void {
              if (code === '6 CONNECTION REQUEST' && this.scheduler.running) this.#again = 2
              super.occurred(code, commandKey)
            }
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              const another = super.sessionEnded(...args)
              if (this.#again-- <= 0) return another
              this.queue.add('6 CONNECTION REQUEST')
              return true
            }
          },
      ),
  },
  {
    name: 'crq-session-for-each-request',
    cases: ['CRQ-SESSION-002'],
    breaks: 'opens one session after the other for connection requests that came together',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            #owed = 0
            override occurred(code: string, commandKey?: string): void {
              if (code === '6 CONNECTION REQUEST' && this.scheduler.running) this.#owed++
              super.occurred(code, commandKey)
            }
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              const another = super.sessionEnded(...args)
              if (this.#owed === 0) return another
              this.#owed--
              this.queue.add('6 CONNECTION REQUEST')
              return true
            }
          },
      ),
  },
  {
    name: 'crq-session-for-each-during-a-session',
    cases: ['CRQ-SESSION-003'],
    breaks: 'opens a session for each of the connection requests that came during one',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            #owed = -1
            override occurred(code: string, commandKey?: string): void {
              if (code === '6 CONNECTION REQUEST' && this.scheduler.running) this.#owed++
              super.occurred(code, commandKey)
            }
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              const another = super.sessionEnded(...args)
              if (another || this.#owed <= 0) return another
              this.#owed--
              this.queue.add('6 CONNECTION REQUEST')
              return true
            }
          },
      ),
  },
  {
    name: 'crq-refused-but-noted-during-a-session',
    cases: ['CRQ-SESSION-004'],
    breaks: 'comes after its session for a connection request that it refused meanwhile',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override handle(request: IncomingMessage, response: ServerResponse): void {
              super.handle(request, response)
              if (authorization(request) !== '') response.once('close', () => this.options.requested())
            }
          },
      ),
  },
  {
    name: 'crq-first-request-only',
    cases: ['CRQ-SESSION-005'],
    breaks: 'grants connection requests but comes for the first three only',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            #times = 0
            override occurred(code: string, commandKey?: string): void {
              if (code !== '6 CONNECTION REQUEST' || ++this.#times <= 3) super.occurred(code, commandKey)
            }
          },
      ),
  },
  {
    name: 'crq-event-twice',
    cases: ['CRQ-SESSION-005'],
    breaks: 'lists 6 CONNECTION REQUEST twice',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml
          .replace(/<EventStruct><EventCode>6 CONNECTION REQUEST.*?<\/EventStruct>/s, '$&$&')
          .replace(/EventStruct\[1\]/, 'EventStruct[2]'),
      ),
  },
  {
    name: 'crq-waits-for-the-retry',
    cases: ['CRQ-RETRY-001'],
    breaks: 'forgets a connection request while the retry of a session is due',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              if (code !== '6 CONNECTION REQUEST' || this.retry.retryCount === 0)
                super.occurred(code, commandKey)
            }
          },
      ),
  },
  {
    name: 'crq-granted-asleep-and-forgotten',
    cases: ['CRQ-STANDBY-001'],
    breaks: 'grants connection requests while it sleeps, and forgets them',
    apply: (parts) => {
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            constructor(options: ConstructorParameters<typeof Base>[0]) {
              super({ ...options, enabled: () => true })
            }
          },
      )
      alterService<Standby>(parts, 'Standby', (proper, standby) => ({
        isMissed: (code: string) =>
          (standby.isAsleep && code === '6 CONNECTION REQUEST') || proper.isMissed?.(code),
      }))
    },
  },
]
