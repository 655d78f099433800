import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadProfile } from './load-profile.ts'
import { ProfileError } from './profile-error.ts'
import { referenceProfile } from './reference-profile.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-model-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const model = `<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-7">
<model name="Lamp:1.0"><object name="Device." access="readOnly" minEntries="1" maxEntries="1"/></model>
</dm:document>`

function load(dataModel: object) {
  const file = join(folder, 'dut.json')
  writeFileSync(file, JSON.stringify({ ...referenceProfile, dataModel }))
  return loadProfile(file)
}

async function complaint(dataModel: object): Promise<string> {
  const error = await load(dataModel).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProfileError)
  return (error as ProfileError).message.replaceAll(`${folder}/`, '')
}

test('the file is looked for beside the profile', async () => {
  mkdirSync(join(folder, 'models'))
  writeFileSync(join(folder, 'models/lamp.xml'), model)

  const { dataModel } = await load({ file: 'models/lamp.xml' })

  expect(dataModel).toEqual({
    file: join(folder, 'models/lamp.xml'),
    profiles: [],
    untouched: [],
    touched: [],
  })
})

test('a file that is not there, or is no data model, is named with the reason', async () => {
  writeFileSync(join(folder, 'broken.xml'), model.replace('</model>', ''))

  expect(await complaint({ file: 'none.xml' })).toBe('none.xml: no such file')
  expect(await complaint({ file: 'broken.xml' })).toMatch(/^broken\.xml:3: /)
})

test('a profile that the data model does not define is named', async () => {
  writeFileSync(join(folder, 'lamp.xml'), model)

  expect(await complaint({ file: 'lamp.xml', profiles: ['Dimmer:1'] })).toBe(
    'dut.json: dataModel.profiles: Lamp:1.0 has no profile "Dimmer:1"',
  )
})

test('a pattern that could be no path is named', async () => {
  expect(await complaint({ file: 'lamp.xml', untouched: ['Device..Enable'] })).toMatch(
    /^dut\.json: dataModel\.untouched\[0\]: expected a path such as /,
  )
})
