import { z } from 'zod'
import { credential } from './credential.ts'
import { type CommandName, commandPlaces } from './device-commands.ts'
import { escapes } from './file-template.ts'
import { abilities } from './operations.ts'
import { templateComplaint } from './shell-template.ts'

/** `adapter` of a profile: how the harness drives the device. */

const text = z.string().min(1)
const environment = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable'),
  z.string(),
)

const referenceAdapter = z
  .strictObject({ kind: z.literal('reference') })
  .describe('The reference agent that comes with this project, as a child process.')

const moduleAdapter = z
  .strictObject({
    kind: z.literal('module'),
    file: text.describe('A TypeScript or JavaScript file that exports createDut; relative to the profile.'),
    options: z.record(z.string(), z.json()).default({}).describe('Handed to createDut as it stands.'),
  })
  .describe('A TypeScript or JavaScript module.')

const commandAdapter = z
  .strictObject({
    kind: z.literal('command'),
    command: z
      .array(text)
      .min(1)
      .describe(
        'The program and its arguments, no shell in between. A name with a slash is relative to the profile.',
      ),
    environment: environment
      .default({})
      .describe('Variables set for the program besides those that the run itself has.'),
  })
  .describe('A program in any language that reads requests on stdin and writes answers on stdout.')

/** One command for the shell of the device; a list is its lines. */
function shellCommand(name: CommandName, what: string) {
  const places = commandPlaces[name]
  const told = places.length === 0 ? '' : ` Places: ${places.map((place) => `{${place}}`).join(' ')}.`
  return z
    .union([text, z.array(z.string()).min(1)], {
      error: 'a shell command, as a text or as a list of its lines',
    })
    .transform((lines, context) => {
      const command = typeof lines === 'string' ? lines : lines.join('\n')
      const complaint = templateComplaint(command, places)
      if (complaint === undefined) return command
      context.addIssue({ code: 'custom', message: complaint, params: { got: 'this command' } })
      return z.NEVER
    })
    .describe(`${what}${told}`)
}

const optionalCommands = {
  powerCycle: shellCommand('powerCycle', 'Restarts the device as if its power had been cut.').optional(),
  factoryReset: shellCommand(
    'factoryReset',
    'Brings back what the factory had set. provision follows, unless this command has {acsUrl} in it.',
  ).optional(),
  setLocally: shellCommand('setLocally', 'Changes a parameter as a user would.').optional(),
  readLogs: shellCommand('readLogs', 'Writes the log of the device to stdout.').optional(),
  setClock: shellCommand('setClock', 'Sets the clock.').optional(),
  clientCertificate: shellCommand(
    'clientCertificate',
    'Takes a certificate and its key in PEM, or empty texts for none.',
  ).optional(),
  dnsServer: shellCommand(
    'dnsServer',
    'Has the device ask this DNS server; empty: its usual one.',
  ).optional(),
  lanDevice: shellCommand('lanDevice', 'A device in the LAN gets a lease, or its lease ends.').optional(),
  standby: shellCommand('standby', 'Sends the device to sleep.').optional(),
  timeSource: shellCommand(
    'timeSource',
    'Takes from the device whatever it learns the time from, or gives it back.',
  ).optional(),
  stop: shellCommand('stop', 'The last command of the run, for a device that shall not stay on.').optional(),
}

const sshAdapter = z
  .strictObject({
    kind: z.literal('ssh'),
    host: text.describe('Name or address of the device.'),
    port: z.int().min(1).max(65_535).default(22).describe('The port of its SSH server.'),
    username: text.default('root').describe('Who logs in.'),
    password: credential.optional().describe('The password of that user; best as { "env": "NAME" }.'),
    privateKeyFile: text
      .optional()
      .describe('A private key in the format of OpenSSH; relative to the profile.'),
    passphrase: credential.optional().describe('What that key is locked with.'),
    agent: z
      .boolean()
      .default(false)
      .describe('Whether the keys of the SSH agent of this machine are offered.'),
    hostKey: z
      .union([z.literal('any'), hostKey(), z.array(hostKey()).min(1)])
      .describe(
        'The fingerprint of the host key, as ssh-keygen -l prints it, or several; "any" for a device that makes itself new keys, on a network where nobody can come in between.',
      ),
    disconnects: z
      .boolean()
      .default(true)
      .describe(
        'Whether powerCycle and factoryReset take the SSH server down, too: then the device counts as booting once the connection has broken. false where they restart the agent only.',
      ),
    commands: z
      .strictObject({
        provision: shellCommand('provision', 'Tells the device its ACS and has it open a session.'),
        alive: shellCommand('alive', 'Ends with exit code 0 when the agent runs.'),
        ...optionalCommands,
      })
      .describe('What a shell of the device is asked to do, by ability.'),
  })
  .describe('A device with an SSH server and a shell, such as OpenWrt.')

function hostKey() {
  return z
    .string()
    .regex(
      /^SHA256:[A-Za-z0-9+/]{43}=?$/,
      'a fingerprint such as "SHA256:…" (ssh-keyscan HOST | ssh-keygen -lf -)',
    )
}

const {
  powerCycle: _byTheEngine,
  readLogs: _ofTheEngine,
  stop: _removed,
  ...insideContainer
} = optionalCommands

const containerAdapter = z
  .strictObject({
    kind: z.literal('container'),
    image: text.describe('The image; pulled where it is not here.'),
    command: z.array(z.string()).optional().describe('Arguments in place of those that the image has.'),
    environment: environment.default({}).describe('Variables of the container.'),
    user: text
      .optional()
      .describe('Who runs it and its commands, in place of the user that the image names.'),
    mounts: z
      .array(
        z.strictObject({
          source: text.describe('A file or folder of this machine; relative to the profile.'),
          target: text.regex(/^\//, 'an absolute path').describe('Where the container has it.'),
          writable: z.boolean().default(false).describe('Whether the container may write there.'),
        }),
      )
      .default([])
      .describe('What the container sees of this machine.'),
    network: text
      .default('bridge')
      .describe(
        'The network that it joins; "host" for that of this machine. On any other it reaches this machine as host.docker.internal.',
      ),
    privileged: z.boolean().default(false).describe('Whether it may do what root may do on this machine.'),
    capabilities: z.array(text).default([]).describe('What else it may do, e.g. "NET_ADMIN".'),
    files: z
      .array(
        z.strictObject({
          template: text.describe(
            'A file in which places such as {acsUrl} are filled; relative to the profile.',
          ),
          target: text.regex(/^\//, 'an absolute path').describe('Where the container finds it.'),
          escape: z
            .enum(escapes)
            .default('none')
            .describe(
              'How what is filled in is written: as it is, as a word of the shell or of UCI, or inside of a JSON or XML text.',
            ),
        }),
      )
      .default([])
      .describe('Files that tell the device its ACS; it is restarted when they are written anew.'),
    commands: z
      .strictObject({
        provision: shellCommand(
          'provision',
          'Tells the device its ACS and has it open a session.',
        ).optional(),
        alive: shellCommand(
          'alive',
          'Ends with exit code 0 when the agent runs; without it a container that runs is alive.',
        ).optional(),
        ...insideContainer,
      })
      .default({})
      .describe('What a shell in the container is asked to do, by ability.'),
  })
  .refine(({ files, commands }) => files.length > 0 || commands.provision !== undefined, {
    path: ['commands', 'provision'],
    message: 'a command, or files that tell the device its ACS',
  })
  .describe('A device that is the image of a container.')

const byHand = abilities.filter((ability) => ability !== 'provision' && ability !== 'alive')

const manualAdapter = z
  .strictObject({
    kind: z.literal('manual'),
    abilities: z
      .array(z.enum(byHand))
      .default([])
      .describe(
        'What the person at the terminal does besides pointing the device at an ACS and looking after it.',
      ),
  })
  .describe('A person at the terminal, who is asked; only with --interactive.')

export const adapterSchema = z
  .discriminatedUnion('kind', [
    referenceAdapter,
    moduleAdapter,
    commandAdapter,
    containerAdapter,
    sshAdapter,
    manualAdapter,
  ])
  .describe('How the harness drives the device.')

/** How the device is driven, as the profile says it. */
export type ParsedAdapter = z.output<typeof adapterSchema>

/** How the device is driven, ready for use: all paths are absolute, `folder` is that of the profile. */
export type AdapterProfile =
  | Exclude<ParsedAdapter, { kind: 'command' }>
  | (z.output<typeof commandAdapter> & { readonly folder: string })

/** An adapter of this kind. */
export type AdapterOf<Kind extends AdapterProfile['kind']> = Extract<AdapterProfile, { kind: Kind }>
