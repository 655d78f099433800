/** The agent's configuration directory: the UCI files that operators of OpenWrt devices know. Public face of config/. */
export { ConfigError, Configuration } from './configuration.ts'
export { KeptFile } from './kept-file.ts'
export { CONFIGURED_PARAMETERS, fromOption, toOption } from './parameters.ts'
export { readHabits, readSettings, readSwitches, type Setting, tellVainOptions } from './settings.ts'
export { UciFile, type UciSection } from './uci.ts'
export { ConfigurationService } from './write-back.ts'
