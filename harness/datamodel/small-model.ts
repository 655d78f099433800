/** Texts of small files for the tests: a model of our own, and device types that restrict it. */

const NAMESPACE = 'urn:broadband-forum-org:cwmp:datamodel-1-14'

/** A whole file with that content of `<dm:document>`; the content begins in line 2. */
export function modelFile(content: string, namespace = NAMESPACE): string {
  return `<dm:document xmlns:dm="${namespace}" spec="urn:example:small" file="small.xml">\n${content}\n</dm:document>\n`
}

/** A file with that content of its only model; the content begins in line 3. */
export function modelOf(content: string): string {
  return modelFile(`<model name="Small:1.0">\n${content}\n</model>`)
}

/** A file with a parameter of that syntax; `<syntax>` begins in line 5. */
export function syntaxOf(content: string, types = ''): string {
  const parameter = `<parameter name="It" access="readWrite">\n<syntax>${content}</syntax>\n</parameter>`
  const model = `<model name="Small:1.0"><object name="Device." access="readOnly" minEntries="1" maxEntries="1">`
  return modelFile(`${types}\n${model}\n${parameter}</object></model>`)
}

/** A lamp with two shades, and the profile of its switch. */
export const LAMP = modelFile(`
<description>Prose with <b>markup</b> &amp; entities is put aside.</description>
<dataType name="Handle"><string><size maxLength="64"/></string></dataType>
<dataType name="ShortHandle" base="Handle"><size maxLength="8"/><pattern value=""/><pattern value="[a-z]+"/></dataType>
<model name="Lamp:1.2">
  <object name="Device." access="readOnly" minEntries="1" maxEntries="1">
    <parameter name="Name" access="readOnly" activeNotify="forceEnabled" forcedInform="true"><syntax><string/></syntax></parameter>
  </object>
  <object name="Device.Lamp." access="readOnly" minEntries="0" maxEntries="1">
    <parameter name="On" access="readWrite"><syntax><boolean/><default type="factory" value="false"/></syntax></parameter>
    <parameter name="Level" access="readWrite" activeNotify="canDeny">
      <syntax><unsignedInt><range minInclusive="1" maxInclusive="100" step="1"/><range minInclusive="255" maxInclusive="255"/><units value="percent"/></unsignedInt></syntax>
    </parameter>
    <parameter name="Key" access="readWrite"><syntax hidden="true"><string/></syntax></parameter>
    <parameter name="Pin" access="readWrite"><syntax secured="true"><string/></syntax></parameter>
    <parameter name="Blink" access="readWrite"><syntax command="true"><boolean/></syntax></parameter>
    <parameter name="Modes" access="readOnly"><syntax><list minItems="1" maxItems="3"><size maxLength="32"/></list><string><enumeration value="Steady"/><enumeration value="Dim" optional="true"/><enumeration value="Broken" access="readOnly"/><enumeration value="Gas" status="deleted"/></string></syntax></parameter>
    <parameter name="Mode" access="readWrite"><syntax><string><enumerationRef targetParam="Modes" nullValue="None"/></string></syntax></parameter>
    <parameter name="ShadeNumberOfEntries" access="readOnly"><syntax><unsignedInt/></syntax></parameter>
    <parameter name="Old" access="readOnly" status="deprecated"><syntax><int/></syntax></parameter>
  </object>
  <object name="Device.Lamp.Shade.{i}." access="readWrite" minEntries="0" maxEntries="unbounded"
      numEntriesParameter="ShadeNumberOfEntries" enableParameter="Enable">
    <uniqueKey functional="false"><parameter ref="Alias"/></uniqueKey>
    <uniqueKey><parameter ref="Colour"/><parameter ref="Size"/></uniqueKey>
    <parameter name="Enable" access="readWrite"><syntax><boolean/><default type="object" value="false"/></syntax></parameter>
    <parameter name="Alias" access="writeOnceReadOnly"><syntax><dataType ref="Handle"/></syntax></parameter>
    <parameter name="Colour" access="readWrite"><syntax><dataType ref="ShortHandle"/></syntax></parameter>
    <parameter name="Size" access="readWrite"><syntax><dataType base="ShortHandle"><size maxLength="4"/></dataType></syntax></parameter>
    <parameter name="Next" access="readWrite"><syntax><string><pathRef refType="strong" targetParent="#.Shade." targetType="row"/></string></syntax></parameter>
  </object>
  <profile name="Switch:1"><object ref="Device.Lamp." requirement="present"><parameter ref="On" requirement="readWrite"/></object></profile>
  <profile name="Shades:1" extends="Switch:1"><object ref="Device.Lamp.Shade.{i}." requirement="createDelete"><parameter ref="Colour" requirement="readWrite"/></object></profile>
</model>`)

/** What a device type says of the lamp; the content of its model begins in line 3. */
export function lampType(content: string, model = 'Lamp:1.2'): string {
  const namespace = 'urn:broadband-forum-org:cwmp:devicetype-1-4'
  const imported = '<import file="lamp.xml"><model name="Lamp:1.2"/></import>'
  return `<dt:document xmlns:dt="${namespace}" deviceType="urn:example:lamp">${imported}\n<model ref="${model}">\n${content}\n</model></dt:document>\n`
}
