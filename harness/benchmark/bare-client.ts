import { Client } from 'undici'

// Child of acs-pairs.ts: on each number that comes, makes so many POST round trips on one connection and says when it is done.
const [port, octets] = process.argv.slice(2)
const client = new Client(`http://127.0.0.1:${port}`, { pipelining: 1 })
const body = Buffer.alloc(Number(octets), 0x62)

process.on('message', async (roundTrips: number) => {
  for (let trip = 0; trip < roundTrips; trip++) {
    const answer = await client.request({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'text/xml' },
      body,
    })
    await answer.body.arrayBuffer()
  }
  process.send?.('done')
})
process.send?.('ready')
