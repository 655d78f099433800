import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AdapterOf } from './adapter-profile.ts'
import { loadProfile } from './load-profile.ts'
import { referenceProfile } from './reference-profile.ts'

describe('the profile of a device with SSH', () => {
  const commands = { provision: 'true', alive: 'true' }
  const sound = { kind: 'ssh', host: 'box', hostKey: 'any', commands }

  async function load(adapter: object): Promise<AdapterOf<'ssh'>> {
    const folder = mkdtempSync(join(tmpdir(), 'cwmp-ssh-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'dut.json'), JSON.stringify({ ...referenceProfile, adapter }))
    return (await loadProfile(join(folder, 'dut.json'))).adapter as AdapterOf<'ssh'>
  }

  test('needs a word on the host key', async () => {
    await expect(load({ ...sound, hostKey: undefined })).rejects.toThrow('adapter.hostKey')
    await expect(load({ ...sound, hostKey: 'aa:bb' })).rejects.toThrow('adapter.hostKey')
  })

  test.each([
    [{ provision: "uci set cwmp.acs.url='{acsUrl}'" }, 'expected {acsUrl} outside of quotes'],
    [{ provision: 'echo "{password}"' }, 'expected {password} outside of quotes'],
    [{ provision: ['cat >file <<END', '{acsUrl}', 'END'] }, 'expected {acsUrl} outside of a here-document'],
    [{ provision: 'set {acsURL}' }, 'expected {acsUrl} in place of {acsURL}'],
  ])('refuses %j', async (changed, complaint) => {
    await expect(load({ ...sound, commands: { ...commands, ...changed } })).rejects.toThrow(complaint)
  })

  test.each([
    "echo it\\'s {acsUrl}",
    "# what isn't so\necho {acsUrl}",
    `awk '{print}' {acsUrl}`,
    'echo "$' + '{acsUrl}" {acsUrl}',
    'echo \'a\'{acsUrl}"b"',
  ])('takes %j', async (provision) => {
    expect((await load({ ...sound, commands: { ...commands, provision } })).commands.provision).toBe(
      provision,
    )
  })

  test('joins the lines of a command', async () => {
    const adapter = await load({ ...sound, commands: { ...commands, provision: ['a', 'b'] } })

    expect(adapter.commands.provision).toBe('a\nb')
  })

  test('names a key file that is not there, and a password that is not set', async () => {
    await expect(load({ ...sound, privateKeyFile: 'nowhere' })).rejects.toThrow(
      'adapter.privateKeyFile: expected a file, got nowhere (no such file)',
    )
    await expect(load({ ...sound, password: { env: 'NO_SUCH_PASSWORD' } })).rejects.toThrow(
      'adapter.password: expected the environment variable NO_SUCH_PASSWORD to be set',
    )
  })
})
