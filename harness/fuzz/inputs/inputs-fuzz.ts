/** The fuzzers of what else an agent reads. The public face of this folder. */

export { ConfigArena } from './config-arena.ts'
export { configurationFiles } from './config-language.ts'
export { ControlArena, controlLines } from './control-arena.ts'
export { DownloadArena, type NamedFile } from './download-arena.ts'
export { type DownloadClass, downloadedFiles } from './download-language.ts'
export { NotificationArena, notificationPeers } from './notification-arena.ts'
