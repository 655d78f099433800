/** Real peers in containers. The public face of this folder. */
export { type Engine, findEngine, PeerUnavailable } from './engine.ts'
export { type ProsodyOptions, registerUser, type StartedProsody, startProsody } from './prosody/prosody.ts'
