import type { XmlElement } from '../../../cwmp/cwmp.ts'
import type { XmppConnection } from '../../../xmpp/xmpp.ts'
import type { RuleName } from './oracle.ts'
import type { Part, StreamStage } from './stream-case.ts'

/** What a server has at hand when it does something odd. */
export interface Scene {
  readonly line: XmppConnection
  readonly stage: StreamStage
  /** What the device has just sent, if anything. */
  readonly element: XmlElement | undefined
  readonly domain: string
  /** The server's own address, as see-other-host has it. */
  readonly here: string
  /** A genuine connection request, from a JID that may ask, with the id EARLY. */
  readonly genuine: string
}

type Octets = string | Uint8Array

/** One thing that can be wrong with what a server sends. It has exactly one of `before`, `within` and `instead`. */
export interface Breakage {
  /** Unique. */
  readonly name: string
  /** What it touches. */
  readonly element: string
  readonly stages: readonly StreamStage[]
  readonly rule: RuleName | ((stage: StreamStage, part: Part) => RuleName)
  /** The sizes worth trying, the smallest first. */
  readonly sizes?: readonly number[]
  /** The words worth trying, the simplest first. */
  readonly texts?: readonly string[]
  /** Takes changes to single octets. */
  readonly edits?: true
  /** It goes on at so many further connections as its size says. */
  readonly goesOn?: true
  /** What is sent ahead of the usual reaction, on an open stream. */
  readonly before?: (scene: Scene, part: Part) => Octets
  /** What becomes of the octets of the usual reaction: one piece, or several, each sent by itself. */
  readonly within?: (usual: string, part: Part, scene: Scene) => Octets | readonly Octets[]
  /** What is done in place of the usual reaction. */
  readonly instead?: (scene: Scene, part: Part) => void
}

/** Id of the request that comes before the device may be asked. */
export const EARLY = 'too-early'

/** The stages at which the device has said something, so that the server has a reaction to it. */
export const spoken: readonly StreamStage[] = [
  'greeted',
  'starttls',
  'secured',
  'auth',
  'response',
  'authenticated',
  'bind',
  'online',
]

export const everywhere: readonly StreamStage[] = ['connected', ...spoken]

/** The stages at which the server answers a stream header. */
export const headers: readonly StreamStage[] = ['greeted', 'secured', 'authenticated']

export const textOf = ({ text = '' }: Part): string => text
export const sizeOf = ({ size = 1 }: Part): number => size
