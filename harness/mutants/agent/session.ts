import { setTimeout } from 'node:timers/promises'
import { RetryPolicy } from '../../../reference-agent/session/session.ts'
import { alterCpe, alterExchange, alterInforms, alterSession } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Takes every answer that its Inform gets in one of these ways as an InformResponse. */
function forgiving(
  name: string,
  id: string,
  breaks: string,
  bad: (status: number, body: string) => boolean,
): Mutant {
  return {
    name,
    cases: [id],
    breaks,
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const sent = request.body.toString()
        if (!sent.includes('<cwmp:Inform>') || !bad(response.status, response.body.toString()))
          return response
        const id = /mustUnderstand="1">([^<]*)<\/cwmp:ID>/.exec(sent)?.[1] ?? ''
        const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2"><s:Header><cwmp:ID s:mustUnderstand="1">${id}</cwmp:ID></s:Header><s:Body><cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse></s:Body></s:Envelope>`
        return { ...response, status: 200, body: Buffer.from(body) }
      }),
  }
}

export const mutants: readonly Mutant[] = [
  {
    name: 'session-impatient-inform',
    cases: ['SES-START-001', 'SES-START-002'],
    breaks: 'sends its Inform again when the answer takes longer than 300 ms',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const answer = properly(request)
        if (!request.body.includes('<cwmp:Inform>')) return answer
        const late = setTimeout(300, undefined, { ref: false }).then(() => undefined)
        const first = await Promise.race([answer, late])
        if (first) return first
        void fetch(request.url, { method: 'POST', body: request.body.toString() }).catch(() => {})
        return answer
      }),
  },
  {
    name: 'session-gives-up-after-two-seconds',
    cases: ['SES-START-002'],
    breaks: 'gives the session up when an answer takes two seconds',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const late = setTimeout(2000, undefined, { ref: false }).then((): never => {
          throw new Error('no answer within two seconds')
        })
        return Promise.race([properly(request), late])
      }),
  },
  {
    name: 'session-space-for-empty-post',
    cases: ['SES-START-003'],
    breaks: 'sends a blank in place of an empty body',
    apply: (parts) =>
      alterExchange(parts, (request, properly) =>
        properly(request.body.length === 0 ? { ...request, body: Buffer.from(' ') } : request),
      ),
  },
  {
    name: 'session-asks-after-empty-post',
    cases: ['SES-START-004'],
    breaks: 'calls GetRPCMethods after it has answered the ACS, though its empty POST went before',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            #answered = 0
            protected override receiveEmpty(...args: Parameters<InstanceType<typeof Base>['receiveEmpty']>) {
              const next = super.receiveEmpty(...args)
              if (next !== undefined || this.#answered++ > 0 || args[0].kind !== 'answer') return next
              return this.requestMessage('GetRPCMethods', '<cwmp:GetRPCMethods/>', {
                method: 'GetRPCMethods',
                body: '<cwmp:GetRPCMethods/>',
              })
            }
          },
      ),
  },
  {
    name: 'session-empty-post-after-204',
    cases: ['SES-END-001', 'INT-END-001'],
    breaks: 'answers a 204 with another empty POST',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        if (response.status === 204) await properly({ ...request, body: Buffer.alloc(0) })
        return response
      }),
  },
  {
    name: 'session-empty-post-after-empty-200',
    cases: ['SES-END-002'],
    breaks: 'answers an empty 200 with another empty POST',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        if (response.status === 200 && response.body.length === 0)
          await properly({ ...request, body: Buffer.alloc(0) })
        return response
      }),
  },
  {
    name: 'session-empty-200-is-an-error',
    cases: ['SES-END-003'],
    breaks: 'takes an empty 200 as the failure of the session',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override payload(response: Parameters<InstanceType<typeof Base>['payload']>[0]) {
              if (response.status === 200 && response.body.length === 0) throw new Error('an empty 200')
              return super.payload(response)
            }
          },
      ),
  },
  {
    name: 'session-ends-after-500-messages',
    cases: ['SES-LONG-001'],
    breaks: 'breaks a session off after 500 requests of the ACS',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            #performed = 0
            protected override perform(...args: Parameters<InstanceType<typeof Base>['perform']>) {
              if (++this.#performed > 500) this.context.transport.close()
              return super.perform(...args)
            }
          },
      ),
  },
  {
    name: 'session-ignores-hold',
    cases: ['SES-HOLD-001'],
    breaks: 'sends its own requests although HoldRequests is true',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override mayRequest() {
              return !this.requestsEnded
            }
          },
      ),
  },
  {
    name: 'session-holds-for-ever',
    cases: ['SES-HOLD-002'],
    breaks: 'sends no request any more in a session in which HoldRequests was true once',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            #held = false
            protected override mayRequest() {
              this.#held ||= this.holdRequests
              return !this.#held && super.mayRequest()
            }
          },
      ),
  },
  forgiving(
    'session-forgives-500',
    'SES-FAIL-001',
    'goes on after HTTP status 500 to its Inform',
    (status) => status === 500,
  ),
  forgiving(
    'session-forgives-404',
    'SES-FAIL-002',
    'goes on after HTTP status 404 to its Inform',
    (status) => status === 404,
  ),
  forgiving(
    'session-forgives-ill-formed',
    'SES-FAIL-003',
    'goes on after ill-formed XML to its Inform',
    (_, body) => body.includes('<MaxEnvelopes>1</cwmp:InformResponse>'),
  ),
  forgiving(
    'session-forgives-no-body',
    'SES-FAIL-004',
    'goes on after an envelope without a Body',
    (status, body) => status === 200 && body !== '' && !body.includes(':Body'),
  ),
  forgiving(
    'session-forgives-other-response',
    'SES-FAIL-005',
    'goes on after the response to another method',
    (_, body) => body.includes('TransferCompleteResponse'),
  ),
  forgiving('session-forgives-fault', 'SES-FAIL-006', 'goes on after a fault to its Inform', (_, body) =>
    body.includes('<FaultCode>8001'),
  ),
  {
    name: 'session-takes-500-as-its-end',
    cases: ['SES-FAIL-007'],
    breaks: 'takes HTTP status 500 in the middle of a session as a proper end of it',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const isInform = request.body.includes('<cwmp:Inform>')
        return response.status === 500 && !isInform
          ? { ...response, status: 204, body: Buffer.alloc(0) }
          : response
      }),
  },
  {
    name: 'session-forgets-cut-connection',
    cases: ['SES-FAIL-008', 'SES-RETRY-003', 'INT-ACS-001', 'INT-ACS-002'],
    breaks: 'counts no session as unsuccessful and tries none again',
    apply: (parts) => {
      parts.createRetryPolicy = (store, random, parameters) =>
        new (class extends RetryPolicy {
          override failed(): number {
            super.failed()
            return 3_600_000
          }
        })(store, random, parameters)
    },
  },
  {
    name: 'session-8005-is-any-fault',
    cases: ['SES-8005-001'],
    breaks: 'takes fault 8005 to its Inform as the end of the session',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const body = Buffer.from(response.body.toString().replace('<FaultCode>8005<', '<FaultCode>8001<'))
        return { ...response, body }
      }),
  },
  {
    name: 'session-retries-at-once',
    cases: ['SES-RETRY-001', 'SES-RETRY-002'],
    breaks: 'comes back at once after an unsuccessful session',
    apply: (parts) => {
      parts.createRetryPolicy = (store, random, parameters) =>
        new (class extends RetryPolicy {
          override failed(): number {
            super.failed()
            return 10
          }
        })(store, random, parameters)
    },
  },
  {
    name: 'session-retries-without-backing-off',
    cases: ['SES-RETRY-002'],
    breaks: 'waits before every retry as before the first',
    apply: (parts) => {
      parts.createRetryPolicy = (store, random, parameters) =>
        new (class extends RetryPolicy {
          override band(): [number, number] {
            const [shortest] = super.band(1)
            return [shortest, shortest * 1.2]
          }
        })(store, random, parameters)
    },
  },
  {
    name: 'session-retry-count-stays-1',
    cases: ['SES-RETRY-003'],
    breaks: 'has RetryCount 1 in every retry',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace(/<RetryCount>[1-9]\d*</, '<RetryCount>1<')),
  },
  {
    name: 'session-retry-count-kept-after-success',
    cases: ['SES-RETRY-004'],
    breaks: 'goes on counting after a successful session',
    apply: (parts) => {
      parts.createRetryPolicy = (store, random, parameters) =>
        new (class extends RetryPolicy {
          #failed = 0
          override get retryCount(): number {
            return this.#failed
          }
          override failed(): number {
            this.#failed++
            return super.failed()
          }
        })(store, random, parameters)
    },
  },
  {
    name: 'session-event-resets-retry-count',
    cases: ['SES-RETRY-005'],
    breaks: 'has RetryCount 0 in a session that a new event brings',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes('6 CONNECTION REQUEST') ? xml.replace(/<RetryCount>\d+</, '<RetryCount>0<') : xml,
      ),
  },
  {
    name: 'session-no-retry-count',
    cases: ['SES-FAIL-001', 'SES-FAIL-006', 'SES-FAIL-007', 'SES-FAIL-008', 'INT-ACS-002'],
    breaks: 'has RetryCount 0 always',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace(/<RetryCount>\d+</, '<RetryCount>0<')),
  },
  {
    name: 'session-waits-out-its-retry',
    cases: ['SES-RETRY-005', 'SES-RETRY-012'],
    breaks: 'opens no session for an event while it waits for a retry',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              if (this.retry.retryCount > 0) this.queue.add(code, commandKey)
              else super.occurred(code, commandKey)
            }
          },
      ),
  },
]
