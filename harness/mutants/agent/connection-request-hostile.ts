import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { alterServer, guardDoor } from './alter/connection-request.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]

/** Serves nobody any more once somebody has sent what `fits`. */
function deafAfter(parts: Parts, fits: (octets: Buffer) => boolean): void {
  let isDeaf = false
  guardDoor(parts, (caller, through, close) => {
    if (isDeaf) {
      caller.destroy()
      return
    }
    caller.once('data', (octets) => {
      if (!fits(octets)) {
        through(octets)
        return
      }
      isDeaf = true
      caller.destroy()
      close()
    })
  })
}

/** Serves so many connections at a time; the others wait until one is closed. */
function servesAtOnce(parts: Parts, most: number): void {
  let served = 0
  const waiting: (() => void)[] = []
  guardDoor(parts, (caller: Socket, through) => {
    const serve = () => {
      served++
      caller.once('close', () => {
        served--
        waiting.shift()?.()
      })
      through()
    }
    if (served < most) serve()
    else waiting.push(serve)
  })
}

/** Refuses with 503 by another answer. */
function refusesBy(parts: Parts, refuse: (response: ServerResponse) => void): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override handle(request: IncomingMessage, response: ServerResponse): void {
          const writeHead = response.writeHead.bind(response)
          response.writeHead = ((status: number, headers: Record<string, string | number>) => {
            if (status !== 503) return writeHead(status, headers)
            refuse(response)
            return writeHead(response.statusCode === 200 ? 503 : response.statusCode, headers)
          }) as typeof response.writeHead
          super.handle(request, response)
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'crq-deaf-after-garbage',
    cases: ['CRQ-HOSTILE-001'],
    breaks: 'stops listening after octets that are no HTTP',
    apply: (parts) => deafAfter(parts, (octets) => (octets[0] ?? 0) < 0x20),
  },
  {
    name: 'crq-session-for-garbage',
    cases: ['CRQ-HOSTILE-001'],
    breaks: 'takes a request line without a target for a connection request',
    apply: (parts) => {
      let requested = () => {}
      guardDoor(parts, (caller, through) => {
        caller.once('data', (octets) => {
          if (octets.toString() === 'GET / HTTP/9\r\n\r\n') setTimeout(() => requested(), 400)
          through(octets)
        })
      })
      const guarded = parts.createConnectionRequestServer
      parts.createConnectionRequestServer = (options) => {
        requested = options.requested
        return guarded(options)
      }
    },
  },
  {
    name: 'crq-one-after-the-other',
    cases: ['CRQ-HOSTILE-002', 'CRQ-HOSTILE-004'],
    breaks: 'serves one connection after the other, however long each takes',
    apply: (parts) => servesAtOnce(parts, 1),
  },
  {
    name: 'crq-eight-connections',
    cases: ['CRQ-HOSTILE-004'],
    breaks: 'serves eight connections at most, idle ones included',
    apply: (parts) => servesAtOnce(parts, 8),
  },
  {
    name: 'crq-request-in-one-piece',
    cases: ['CRQ-HOSTILE-003'],
    breaks: 'takes what comes first for the whole request',
    apply: (parts) =>
      guardDoor(parts, (caller, through) => {
        caller.once('data', (octets) => {
          if (octets.includes('\r\n\r\n')) through(octets)
          else caller.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
        })
      }),
  },
  {
    name: 'crq-deaf-after-many-headers',
    cases: ['CRQ-HOSTILE-005'],
    breaks: 'stops listening after a flood of headers',
    apply: (parts) => deafAfter(parts, (octets) => octets.includes('X-Flood-9')),
  },
  {
    name: 'crq-deaf-after-a-long-line',
    cases: ['CRQ-HOSTILE-006'],
    breaks: 'stops listening after a request line that is too long',
    apply: (parts) => deafAfter(parts, (octets) => octets.indexOf('aaaaaaaa') > 0),
  },
  {
    name: 'crq-flood-answered-with-500',
    cases: ['CRQ-LIMIT-001'],
    breaks: 'answers 500 when connection requests are too many',
    apply: (parts) =>
      refusesBy(parts, (response) => {
        response.statusCode = 500
      }),
  },
  {
    name: 'crq-unlimited',
    cases: ['CRQ-LIMIT-002'],
    breaks: 'takes any number of connection requests',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override judge(request: IncomingMessage) {
              const status = super.judge(request)
              if (status !== 503) return status
              const verdict = this.options.verifier.verify(
                'GET',
                request.url ?? '',
                request.headers.authorization,
              )
              return verdict === 'accepted' ? 200 : 401
            }
          },
      ),
  },
  {
    name: 'crq-session-for-each-of-a-flood',
    cases: ['CRQ-LIMIT-001'],
    breaks: 'opens session after session for a flood of connection requests',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            #owed = -3
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
    name: 'crq-retry-after',
    cases: ['CRQ-LIMIT-003'],
    breaks: 'tells the ACS when to come again',
    apply: (parts) => refusesBy(parts, (response) => void response.setHeader('Retry-After', '30')),
  },
]
