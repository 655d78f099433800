import { expect, test } from 'vitest'
import { parseXml } from '../../cwmp/cwmp.ts'
import { genuine } from './arbitraries.ts'
import { judge } from './judge.ts'
import type { FuzzStanza } from './stanza.ts'

const target = { cpe: 'cpe@example.org/cwmp', username: 'cr user', password: 'the secret of it' }
const errorWith = (inside: string) =>
  parseXml(
    `<iq type="error" id="one">${inside}<error type="cancel"><not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
  )

/** The levels of the leaks in that error for a connection request with that password. */
function leaksOf(password: string, inside: string): string[] {
  const attributes = { type: 'get', id: 'one', to: target.cpe }
  const content = [genuine({ ...target, password })]
  const stanza: FuzzStanza = { sender: 'allowed', element: { name: 'iq', attributes, content } }
  return judge([stanza], [errorWith(inside)], target)
    .findings.filter(({ wrong }) => wrong.kind === 'leak')
    .map(({ wrong }) => wrong.level)
}

const echo = (password: string) => `<connectionRequest><password>${password}</password></connectionRequest>`

test('an error that repeats the request to whoever has sent it is warned of', () => {
  expect(leaksOf('a guess', echo('a guess'))).toEqual(['SHOULD'])
  expect(leaksOf(target.password, echo(target.password))).toEqual(['SHOULD'])
})

test('an error that tells somebody the password who did not know it is a failure', () => {
  expect(leaksOf('a guess', echo(target.password))).toEqual(['MUST'])
  expect(leaksOf('a guess', `<text>it is ${target.password}</text>`)).toEqual(['MUST'])
})

test('an error without credentials is neither', () => {
  expect(leaksOf('a guess', '')).toEqual([])
})
