/** Keeps Device.InterfaceStack what the LowerLayers of the interfaces say (TR-181). Public face of interface-stack/. */
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'

const STACK = 'Device.InterfaceStack.'
/** Tables whose rows are interfaces with LowerLayers. */
const INTERFACES = [
  'Device.Ethernet.Interface.',
  'Device.Ethernet.Link.',
  'Device.IP.Interface.',
  'Device.WiFi.Radio.',
  'Device.WiFi.SSID.',
]

/** Paths of two interfaces, without their final dots. */
interface Link {
  HigherLayer: string
  LowerLayer: string
}

export class InterfaceStack implements CpeService {
  protected readonly device: Device

  constructor(device: Device) {
    this.device = device
  }

  /** A power cut may have come between the change of an interface and that of the table. */
  start(): void {
    this.update()
  }

  changed({ path }: ParameterChange): void {
    const isRowOrLayers = path.endsWith('.') || path.endsWith('.LowerLayers')
    if (isRowOrLayers && INTERFACES.some((table) => path.startsWith(table))) this.update()
  }

  /** Makes the rows agree with the interfaces; those that do stay as they are. */
  protected update(): void {
    const { tree } = this.device
    if (!tree.get('Device.InterfaceStackNumberOfEntries')) return
    const missing = new Map(this.links().map((link) => [keyOf(link), link]))
    for (const row of tree.rows(STACK)) {
      const value = (name: string) => tree.get(row + name)?.value ?? ''
      const key = keyOf({ HigherLayer: value('HigherLayer'), LowerLayer: value('LowerLayer') })
      if (!missing.delete(key)) tree.deleteRowLocally(row)
    }
    for (const link of missing.values()) tree.addRowLocally(STACK, { ...link })
  }

  /** What runs on top of what. */
  protected links(): Link[] {
    const { tree } = this.device
    return INTERFACES.flatMap((table) => tree.rows(table)).flatMap((row) =>
      (tree.get(`${row}LowerLayers`)?.value ?? '')
        .split(',')
        .filter((lower) => lower !== '')
        .map((LowerLayer) => ({ HigherLayer: row.replace(/\.$/, ''), LowerLayer })),
    )
  }
}

function keyOf({ HigherLayer, LowerLayer }: Link): string {
  return `${HigherLayer} ${LowerLayer}`
}
