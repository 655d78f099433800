/** Devices in the LAN that have told the DHCP server of this gateway who they are (TR-069 Annex F). Public face of lan-devices/. */
import type { CommandMembers } from '../control/control.ts'
import type { CpeService, Device } from '../services/services.ts'

const TABLE = 'Device.ManagementServer.ManageableDevice.'
const HOSTS = 'Device.Hosts.Host.'

/** Who a device is, as in option 125 of its DHCP request, sub-options 1 to 3. */
interface Identity {
  ManufacturerOUI: string
  SerialNumber: string
  /** Empty when the device tells none. */
  ProductClass: string
}

export class LanDevices implements CpeService {
  protected readonly device: Device

  constructor(device: Device) {
    this.device = device
  }

  readonly commands = {
    'lan-device': (members: CommandMembers) => {
      this.appeared(identityIn(members), members.optional('physAddress'))
      return {}
    },
    'lan-device-gone': (members: CommandMembers) => {
      this.disappeared(identityIn(members))
      return {}
    },
  }

  /** A device has got a lease: it is there once, on every interface that it has. Throws CwmpFault for an identity that the data model does not take. */
  appeared(identity: Identity, physAddress?: string): void {
    const { tree } = this.device
    const hosts = this.hostsWith(physAddress)
    const row = this.rowOf(identity)
    if (row === undefined) {
      tree.addRowLocally(TABLE, { ...identity, Host: hosts.join(',') })
      return
    }
    const known = (tree.get(`${row}Host`)?.value ?? '').split(',').filter((each) => each !== '')
    tree.setLocally(`${row}Host`, [...new Set([...known, ...hosts])].join(','))
  }

  /** The lease of a device has ended. */
  disappeared(identity: Identity): void {
    const row = this.rowOf(identity)
    if (row !== undefined) this.device.tree.deleteRowLocally(row)
  }

  protected rowOf(identity: Identity): string | undefined {
    const { tree } = this.device
    return tree
      .rows(TABLE)
      .find((row) => Object.entries(identity).every(([name, value]) => tree.get(row + name)?.value === value))
  }

  /** Paths of the hosts with that address, without their final dot. */
  protected hostsWith(physAddress: string | undefined): string[] {
    const { tree } = this.device
    const wanted = physAddress?.toUpperCase()
    return tree
      .rows(HOSTS)
      .filter((row) => wanted !== undefined && tree.get(`${row}PhysAddress`)?.value.toUpperCase() === wanted)
      .map((row) => row.replace(/\.$/, ''))
  }
}

function identityIn(members: CommandMembers): Identity {
  return {
    ManufacturerOUI: members.text('oui'),
    SerialNumber: members.text('serialNumber'),
    ProductClass: members.optional('productClass') ?? '',
  }
}
