import { setImmediate } from 'node:timers/promises'
import { SASL, STREAMS, TLS } from './namespaces.ts'
import type { Deed } from './script.ts'

/** What a server may do in place of its next step. */

/** Closes the TCP connection without a word. */
export const disconnect: Deed = (connection) => connection.destroy()

/** Sends this as it stands. */
export function say(octets: string): Deed {
  return (connection) => connection.send(octets)
}

/** Sends this letter by letter, each by itself as far as the network lets them be. */
export function drip(text: string): Deed {
  return async (connection) => {
    for (const letter of text) {
      connection.send(letter)
      await setImmediate()
    }
  }
}

/** Ends the stream with an error (RFC 6120 4.9). `detail` stands inside the condition, such as the host of see-other-host. */
export function streamError(condition: string, detail = ''): Deed {
  return (connection) => {
    connection.openStream()
    connection.send(streamErrorText(condition, detail))
    connection.end()
  }
}

/** The error and the end tag of a stream. */
export function streamErrorText(condition: string, detail = ''): string {
  return `<stream:error><${condition} xmlns="${STREAMS}">${detail}</${condition}></stream:error></stream:stream>`
}

/** Refuses the login with this condition (RFC 6120 6.5). */
export function saslFailure(condition: string): Deed {
  return (connection) => connection.send(`<failure xmlns="${SASL}"><${condition}/></failure>`)
}

/** Refuses STARTTLS (RFC 6120 5.4.2.2). */
export const tlsFailure: Deed = (connection) => {
  connection.send(`<failure xmlns="${TLS}"/></stream:stream>`)
  connection.end()
}

/** Poses a challenge of SASL, whatever it says. */
export function challenge(message: string): Deed {
  return (connection) =>
    connection.send(`<challenge xmlns="${SASL}">${Buffer.from(message).toString('base64')}</challenge>`)
}

/** Lets the client in, with this as the last message of SASL, none unless given. */
export function letIn(message = ''): Deed {
  return (connection) => {
    connection.send(`<success xmlns="${SASL}">${Buffer.from(message).toString('base64')}</success>`)
    connection.authenticated = true
    connection.restart()
  }
}

/** Lets the client in without having shown that it knows the password: the signature is somebody else's. */
export const impostor: Deed = letIn(`v=${Buffer.alloc(20, 7).toString('base64')}`)
