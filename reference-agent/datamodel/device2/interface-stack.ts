/** Which interface runs on top of which, from the LowerLayers of all of them; interface-stack/ keeps the rows. */
import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY } from './shared.ts'

const LAYER: ParameterDefinition = {
  type: 'string',
  length: [[null, 256]],
  pathRef: { refType: 'strong', targetType: 'row' },
}

const link = (higher: string, lower: string) => ({
  values: { HigherLayer: `Device.${higher}`, LowerLayer: `Device.${lower}` },
})

export const interfaceStack: readonly ObjectDefinition[] = [
  {
    path: 'Device.InterfaceStack.{i}.',
    numEntriesParameter: 'InterfaceStackNumberOfEntries',
    uniqueKeys: [{ parameters: ['HigherLayer', 'LowerLayer'], functional: true }, ALIAS_KEY],
    parameters: { Alias: ALIAS, HigherLayer: LAYER, LowerLayer: LAYER },
    rows: [
      link('Ethernet.Link.1', 'Ethernet.Interface.1'),
      link('Ethernet.Link.2', 'Ethernet.Interface.2'),
      link('IP.Interface.1', 'Ethernet.Link.1'),
      link('IP.Interface.2', 'Ethernet.Link.2'),
      link('WiFi.SSID.1', 'WiFi.Radio.1'),
      link('WiFi.SSID.2', 'WiFi.Radio.2'),
    ],
  },
]
