/** The agent's configuration directory: the UCI files that operators of OpenWrt devices know. Public face of config/. */
export { ConfigError, Configuration } from './configuration.ts'
export { readSettings } from './settings.ts'
export { ConfigurationService } from './write-back.ts'
