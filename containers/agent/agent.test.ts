import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { findEngine } from '../engine.ts'
import { startGuard } from '../guard.ts'
import { keepLog } from '../logs.ts'
import { layNetwork } from '../network.ts'
import { referenceAgentImage, startAgentContainer } from './agent.ts'

const image = await findEngine()
  .then((engine) => referenceAgentImage(engine))
  .catch((error: Error) => error)

test.skipIf(image instanceof Error)(
  `the agent in a container comes to its ACS and says where it can be called${image instanceof Error ? ` (${image.message})` : ''}`,
  { timeout: 60_000 },
  async () => {
    const engine = await findEngine()
    const guard = await startGuard(engine)
    const network = await layNetwork(engine, guard)
    const coming = Promise.withResolvers<string>()
    const acs = createServer(async (request, response) => {
      coming.resolve(await text(request))
      response.writeHead(204).end()
    })
    acs.listen(0, network.gateway)
    await once(acs, 'listening')
    const agent = await startAgentContainer({
      image: image as string,
      network: network.name,
      labels: guard.labels,
      logs: keepLog(undefined, 'agent'),
      alias: 'cpe',
      options: ['--acs-url', `http://${network.gateway}:${(acs.address() as AddressInfo).port}/`],
    })
    onTestFinished(async () => {
      await agent.stop({ timeout: 0 })
      acs.close()
      await network.remove()
      guard.release()
    })

    const inform = await coming.promise

    expect(inform).toContain('0 BOOTSTRAP')
    expect(inform).toMatch(/http:\/\/cpe:\d+\//)
  },
)
