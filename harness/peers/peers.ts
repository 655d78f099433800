/** Embedded peers and real ones in containers. The public face of this folder. */
export {
  meetsPeer,
  type PeerPlan,
  type PeersChoice,
  peersChoices,
  planPeers,
  type SuitePeers,
} from './plan.ts'
export { prosodyPeer } from './prosody-peer.ts'
export { allLeftOut, leftOut, planRealAcs, type RealAcsPlan } from './real-acs.ts'
export { RealPeers, xmppDomain } from './real-peers.ts'
export { scriptedPeer } from './scripted-peer.ts'
export { XmppLine } from './xmpp-line.ts'
export type { XmppPeer } from './xmpp-peer.ts'
