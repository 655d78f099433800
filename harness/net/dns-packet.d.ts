/** What we use of dns-packet, which carries no types of its own. */
declare module 'dns-packet' {
  interface Question {
    name: string
    type: string
    class?: string
  }
  interface SrvData {
    target: string
    port: number
    priority: number
    weight: number
  }
  interface Answer extends Question {
    ttl: number
    data: string | SrvData
  }
  interface Packet {
    id?: number
    type?: 'query' | 'response'
    /** RCODE in the lowest four bits. */
    flags?: number
    questions?: Question[]
    answers?: Answer[]
  }
  const AUTHORITATIVE_ANSWER: number
  const RECURSION_DESIRED: number
  const RECURSION_AVAILABLE: number
  function encode(packet: Packet): Buffer
  /** Throws for octets that are no DNS message. */
  function decode(octets: Buffer): Packet
}
