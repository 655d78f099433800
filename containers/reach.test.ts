import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PeerUnavailable } from './engine.ts'
import { checkEngineIsHere, checkNetworkIsHere } from './reach.ts'

/** An address that no machine has (RFC 5737). */
const elsewhere = '192.0.2.7'
const engineAt = (host: string) => ({ client: { info: { containerRuntime: { host } } } })

beforeEach(() => void vi.stubEnv('DOCKER_HOST', ''))
afterEach(() => void vi.unstubAllEnvs())

describe('an engine', () => {
  test.each(['localhost', '127.0.0.1'])('at %s is here', async (host) => {
    await expect(checkEngineIsHere(engineAt(host))).resolves.toBeUndefined()
  })

  test('on another machine is named, as the user named it', async () => {
    const asked = () => checkEngineIsHere(engineAt(elsewhere))

    await expect(asked()).rejects.toThrow(PeerUnavailable)
    await expect(asked()).rejects.toThrow('the Docker engine at 192.0.2.7 is on another machine')
    vi.stubEnv('DOCKER_HOST', `tcp://${elsewhere}:2375`)
    await expect(asked()).rejects.toThrow('the Docker engine at tcp://192.0.2.7:2375 is on another machine')
  })
})

describe('a network', () => {
  test('of which this machine is a part can be used', async () => {
    await expect(checkNetworkIsHere('127.0.0.1')).resolves.toBeUndefined()
  })

  test('of another machine cannot, whatever answers here', async () => {
    const asked = checkNetworkIsHere(elsewhere)

    await expect(asked).rejects.toThrow(PeerUnavailable)
    await expect(asked).rejects.toThrow('192.0.2.7 is no address of it')
  })
})
