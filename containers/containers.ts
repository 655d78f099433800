/** Real peers in containers. The public face of this folder. */
export {
  type AcsStack,
  type AgentContainer,
  prepareAcsStack,
  startAcsStack,
} from './acs-stack.ts'
export { DeviceContainer, type DeviceFile } from './device/device.ts'
export { PeerUnavailable } from './engine.ts'
export {
  prepareProsody,
  registerUser,
  type StartedProsody,
  startProsody,
} from './prosody/prosody.ts'
