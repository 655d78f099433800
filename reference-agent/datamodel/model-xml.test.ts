import { expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { modelXml } from './model-xml.ts'

test('the description of the reference agent beside its profile is that of today', async () => {
  // To renew it: npx vitest run --root . reference-agent/datamodel/model-xml -u
  await expect(modelXml(device2, 'Device:2.17')).toMatchFileSnapshot(
    '../../harness/dut/reference-data-model.xml',
  )
})

test('a document says of each object and parameter what its declaration says', () => {
  const xml = modelXml(
    [
      {
        path: 'Device.Lamp.',
        parameters: { Level: { type: 'int', access: 'readWrite', range: [[0, 9]], default: '3' } },
      },
      {
        path: 'Device.Lamp.Shade.{i}.',
        access: 'readWrite',
        numEntriesParameter: 'ShadeNumberOfEntries',
        maxEntries: 4,
        uniqueKeys: [{ parameters: ['Address'], functional: true }],
        parameters: {
          Address: { type: 'MACAddress', list: { items: [null, 2] }, default: '' },
          Key: { type: 'string', hidden: true, length: [[8, 63]], enumeration: ['"<&'] },
        },
      },
    ],
    'Lamp:1.0',
  )

  const lines = xml.split('\n').filter((line) => /^ *<(parameter|object|uniqueKey)/.test(line))
  expect(lines.filter((line) => !line.includes('requirement'))).toEqual([
    '<object name="Device.Lamp." access="readOnly" minEntries="1" maxEntries="1">',
    '  <parameter name="Level" access="readWrite"><syntax><int><range minInclusive="0" maxInclusive="9"/></int><default type="factory" value="3"/></syntax></parameter>',
    '  <parameter name="ShadeNumberOfEntries" access="readOnly"><syntax><unsignedInt/></syntax></parameter>',
    '<object name="Device.Lamp.Shade.{i}." access="readWrite" minEntries="0" maxEntries="4" numEntriesParameter="ShadeNumberOfEntries">',
    '  <uniqueKey functional="true"><parameter ref="Address"/></uniqueKey>',
    '  <parameter name="Address" access="readOnly"><syntax><list maxItems="2"/><dataType ref="MACAddress"/><default type="object" value=""/></syntax></parameter>',
    '  <parameter name="Key" access="readOnly"><syntax hidden="true"><string><size minLength="8" maxLength="63"/><enumeration value="&quot;&lt;&amp;"/></string></syntax></parameter>',
  ])
})
