import { createSocket } from 'node:dgram'
import { Agent } from '../../../../reference-agent/agent.ts'
import { UciFile } from '../../../../reference-agent/config/uci.ts'
import { crash } from '../alter/collapse.ts'
import type { Mutant } from '../mutant.ts'

/** What comes in at the device itself, or unasked, and is taken amiss. Parts that nobody hands in are changed where they are defined. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-configuration-read-to-the-first-mistake',
    cases: [],
    language: 'configuration',
    breaks: 'reads a configuration file no further than to a line that is none',
    apply: () => {
      const { get } = UciFile.prototype
      UciFile.prototype.get = function (this: UciFile, section: string, option: string) {
        const line = this.lineOf(section, option) ?? 0
        return this.mistakes.some((mistake) => mistake.line < line)
          ? undefined
          : get.call(this, section, option)
      }
    },
  },
  {
    name: 'fuzz-crash-at-no-configuration',
    cases: ['FUZZ-IN-004'],
    language: 'configuration',
    breaks: 'crashes at a configuration file with a line that is none',
    apply: () => {
      const { get } = UciFile.prototype
      UciFile.prototype.get = function (this: UciFile, section: string, option: string) {
        return this.mistakes.length > 0 ? crash() : get.call(this, section, option)
      }
    },
  },
  {
    name: 'fuzz-crash-at-no-json',
    cases: ['FUZZ-IN-003'],
    language: 'control',
    breaks: 'crashes at a line at its control socket that is no JSON',
    apply: () => {
      const { parse } = JSON
      JSON.parse = (...given: Parameters<typeof parse>) => {
        try {
          return parse(...given)
        } catch {
          return crash()
        }
      }
    },
  },
  {
    name: 'fuzz-unknown-commands-acknowledged',
    cases: [],
    language: 'control',
    breaks: 'says that it has carried out a command that it does not know',
    apply: () => {
      const { featureCommand } = Agent.prototype
      Agent.prototype.featureCommand = async function (this: Agent, name, members) {
        return (await featureCommand.call(this, name, members)) ?? {}
      }
    },
  },
  {
    name: 'notifies-no-more-once-answered',
    cases: ['FUZZ-IN-002'],
    breaks: 'sends no lightweight notification any more when something has come back for one',
    apply: (parts) => {
      let isOffended = false
      parts.sendDatagram = async (octets, address, port) => {
        if (isOffended) return
        const socket = createSocket('udp4')
        socket.once('message', () => {
          isOffended = true
        })
        socket.send(octets, port, address)
        setTimeout(() => socket.close(), 500).unref()
      }
    },
  },
]
