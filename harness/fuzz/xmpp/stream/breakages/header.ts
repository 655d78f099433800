import { type Breakage, headers, sizeOf, textOf } from '../breakage.ts'

/** Something else where the stream header has this. */
function header(
  name: string,
  rule: Breakage['rule'],
  within: NonNullable<Breakage['within']>,
  texts?: readonly string[],
): Breakage {
  return { name, element: 'stream header', stages: headers, rule, within, ...(texts && { texts }) }
}

/** What can be wrong with the stream header (RFC 6120 4.7, 4.8). */
export const headerBreakages: readonly Breakage[] = [
  header('no version', 'open', (usual) => usual.replace(' version="1.0" xml', ' xml')),
  header(
    'another version',
    'open',
    (usual, part) => usual.replace('version="1.0" xml', `version="${textOf(part)}" xml`),
    ['0.9', '1.10', '2.0', '', 'x', '-1', '99999999999999999999.1'],
  ),
  header('no id of the stream', 'open', (usual) => usual.replace(/ id="[^"]*"/, '')),
  header(
    'another id of the stream',
    'open',
    (usual, part) => usual.replace(/ id="[^"]*"/, ` id="${textOf(part)}"`),
    ['', ' ', '&lt;', 'i'.repeat(5000)],
  ),
  header('no from', 'open', (usual) => usual.replace(/(<stream:stream) from="[^"]*"/, '$1')),
  header(
    'another from',
    'open',
    (usual, part) => usual.replace(/(<stream:stream) from="[^"]*"/, `$1 from="${textOf(part)}"`),
    ['elsewhere.example', '', '@', 'a@b@c', 'd'.repeat(5000)],
  ),
  header(
    'to',
    'open',
    (usual, part) => usual.replace('<stream:stream', `<stream:stream to="${textOf(part)}"`),
    ['somebody@elsewhere.example', ''],
  ),
  header(
    'another namespace of the stream',
    'foreign-stream',
    (usual, part) => usual.replace(/xmlns:stream="[^"]*"/, `xmlns:stream="${textOf(part)}"`),
    ['urn:another', 'http://etherx.jabber.org/stream', 'HTTP://ETHERX.JABBER.ORG/STREAMS'],
  ),
  header('no namespace of the stream', 'ill-formed', (usual) => usual.replace(/ xmlns:stream="[^"]*"/, '')),
  header(
    'another namespace of the content',
    'open',
    (usual, part) => usual.replace('xmlns="jabber:client"', `xmlns="${textOf(part)}"`),
    ['jabber:server', 'urn:another', ''],
  ),
  header('another prefix', 'open', (usual) =>
    usual
      .replaceAll('stream:stream', 's:stream')
      .replaceAll('xmlns:stream', 'xmlns:s')
      .replaceAll('stream:features', 's:features'),
  ),
  header('another name', 'open', (usual, part) => usual.replace('<stream:stream', `<${textOf(part)}`), [
    'stream:strom',
    'stream:features',
    'stream',
    'html',
  ]),
  header('no XML declaration', 'ordinary', (usual) => usual.replace(/^<\?xml[^>]*\?>/, '')),
  header(
    'another XML declaration',
    'open',
    (usual, part) => usual.replace(/^<\?xml[^>]*\?>/, `<?xml ${textOf(part)}?>`),
    [
      'version="1.0" encoding="UTF-8"',
      'version="1.0" standalone="no"',
      'version="1.0" encoding="UTF-16"',
      'version="1.0" encoding="ISO-8859-1"',
      'version="1.1"',
      'version="2.0"',
    ],
  ),
  header('byte order mark', 'open', (usual) => usual.replace(/^<\?xml/, '\ufeff<?xml')),
  header('UTF-16', 'open', (usual) => Buffer.from(usual, 'utf16le')),
  header('header twice', 'open', (usual) =>
    usual.startsWith('<?xml') ? usual + usual.replace(/^<\?xml[^>]*\?>/, '') : usual,
  ),
  header('no header at all', 'ill-formed', (usual) => (usual.startsWith('<?xml') ? [] : usual)),
  header('stream closed at once', 'open', (usual) =>
    usual.startsWith('<?xml') ? usual.replace(/>$/, '/>') : usual,
  ),
  header('end tag at once', 'open', (usual) =>
    usual.startsWith('<?xml') ? `${usual}</stream:stream>` : usual,
  ),
  {
    ...header('attributes that nobody knows', 'open', (usual, part) =>
      usual.replace(
        '<stream:stream',
        `<stream:stream${Array.from({ length: sizeOf(part) }, (_, at) => ` x${at}="y"`).join('')}`,
      ),
    ),
    sizes: [1, 1000],
  },
]
