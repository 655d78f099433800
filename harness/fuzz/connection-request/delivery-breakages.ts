import fc from 'fast-check'
import { type CrBreakage, octetText, open, unreadable } from './request-common.ts'
import type { CrRule } from './rules.ts'

const incomplete: CrRule = {
  effect: 'refused',
  maySilent: true,
  clause: 'RFC 9112 6.3: a request that is not complete is none',
}
const inPieces: CrRule = { effect: 'proper', clause: 'RFC 9293: TCP delivers octets, not messages' }
const share = fc.integer({ min: 0, max: 95 }).map(String)

/** What can be wrong with the octets of a request as a whole, and with how they come. */
export const deliveryBreakages: readonly CrBreakage[] = [
  {
    element: 'octets',
    breakage: 'cut',
    rule: incomplete,
    samples: ['5', '0', '1', '20', '50', '80', '95'],
    values: share,
    change: (message, part) => ({
      ...message,
      octets: (all) => all.slice(0, Math.floor((all.length * Number(part)) / 100)),
      ending: 'half-close',
    }),
  },
  {
    element: 'octets',
    breakage: 'cut and left so',
    rule: incomplete,
    samples: ['5', '0', '50', '95'],
    values: share,
    change: (message, part) => ({
      ...message,
      octets: (all) => all.slice(0, Math.floor((all.length * Number(part)) / 100)),
      ending: 'leave',
    }),
  },
  {
    element: 'octets',
    breakage: 'none at all but noise',
    rule: incomplete,
    samples: [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      '\xff\xff\xff\xff',
      'SSH-2.0-x\r\n',
      '{"jsonrpc":"2.0"}\n',
      '\r\n\r\n\r\n',
    ],
    values: octetText,
    change: (message, noise) => ({ ...message, octets: () => noise, ending: 'half-close' }),
  },
  {
    element: 'octets',
    breakage: 'some of them changed',
    rule: unreadable,
    samples: ['1', '2', '3', '5', '8', '13', '21', '34', '55', '89'],
    values: fc.nat({ max: 1_000_000 }).map(String),
    change: (message, seed) => ({
      ...message,
      octets: (all) => scrambled(all, Number(seed)),
      ending: 'half-close',
    }),
  },
  {
    element: 'delivery',
    breakage: 'octet by octet',
    rule: inPieces,
    change: (message) => ({ ...message, delivery: 'octets' }),
  },
  {
    element: 'delivery',
    breakage: 'in two halves',
    rule: inPieces,
    change: (message) => ({ ...message, delivery: 'halves' }),
  },
  {
    element: 'delivery',
    breakage: 'half-closed after it',
    rule: unreadable,
    change: (message) => ({ ...message, ending: 'half-close' }),
  },
  {
    element: 'delivery',
    breakage: 'reset after it',
    rule: unreadable,
    change: (message) => ({ ...message, ending: 'reset' }),
  },
  {
    element: 'delivery',
    breakage: 'several at a time',
    rule: open,
    samples: ['2', '5', '20'],
    change: (message, copies) => ({ ...message, copies: Number(copies) }),
  },
  {
    element: 'other connections',
    breakage: 'idle',
    rule: {
      effect: 'open',
      maySilent: true,
      clause: 'TR-069 3.2.2: a device may limit what it takes at a time',
    },
    samples: ['3', '10', '40'],
    change: (message, idle) => ({ ...message, idle: Number(idle) }),
  },
]

/** The octets with one to four of them changed, at places that the seed decides. */
function scrambled(all: string, seed: number): string {
  // A linear congruential generator is enough to spread a few places.
  let state = (seed * 2654435761 + 1) >>> 0
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
  const octets = [...all]
  for (let left = 1 + next(4); left > 0; left -= 1) octets[next(all.length)] = String.fromCharCode(next(256))
  return octets.join('')
}
