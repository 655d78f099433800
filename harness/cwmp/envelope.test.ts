import { describe, expect, test } from 'vitest'
import {
  buildFault,
  buildRequest,
  buildResponse,
  decodeRequest,
  decodeResponse,
  type Envelope,
  EnvelopeError,
  isFault,
  MESSAGES,
  parseEnvelope,
  type RpcName,
  XmlError,
} from './cwmp.ts'
import { SAMPLES } from './samples.ts'

const NAMES = Object.keys(MESSAGES) as RpcName[]
const FAULT = buildFault(
  {
    code: 9003,
    string: 'Invalid arguments',
    soapCode: 'Client',
    setParameterValuesFaults: [{ ParameterName: 'Device.X', FaultCode: 9007, FaultString: 'no' }],
  },
  { id: '7' },
)
const INFORM = buildRequest('Inform', SAMPLES.Inform.request, { id: '1' })
const GPV = buildResponse('GetParameterValues', SAMPLES.GetParameterValues.response)

describe('every message comes back as it was built', () => {
  test.each(NAMES)('%s', (name) => {
    const request = parseEnvelope(buildRequest(name, SAMPLES[name].request, { id: '<&">' }))
    const response = parseEnvelope(buildResponse(name, SAMPLES[name].response))

    expect(request).toMatchObject({ kind: 'request', name, id: '<&">', bodyEntries: 1, oddities: [] })
    expect(decodeRequest(request, name)).toEqual(SAMPLES[name].request)
    expect(response).toMatchObject({ kind: 'response', name, id: undefined })
    expect(decodeResponse(response, name)).toEqual(SAMPLES[name].response)
  })

  test('whatever the prefixes', () => {
    const source = INFORM.replaceAll('soapenv', 's')
      .replaceAll('soapenc', 'e')
      .replaceAll('xsd', 'x')
      .replaceAll(/<(\/?)cwmp:Inform/g, '<$1Inform')
      .replace('<Inform>', '<Inform xmlns="urn:dslforum-org:cwmp-1-0"><DeviceId xmlns="">')
      .replace('<DeviceId xmlns=""><DeviceId>', '<DeviceId xmlns="">')

    expect(decodeRequest(parseEnvelope(source), 'Inform')).toEqual(SAMPLES.Inform.request)
  })

  test('with every header', () => {
    const envelope = parseEnvelope(
      buildRequest(
        'Reboot',
        { CommandKey: '' },
        {
          id: '',
          holdRequests: true,
          sessionTimeout: 40,
          supportedCwmpVersions: ['1.0', '1.4'],
          useCwmpVersion: '1.4',
          extraHeaders: '<x:y xmlns:x="urn:x"/>',
          xmlDeclaration: false,
          namespace: 'urn:dslforum-org:cwmp-1-1',
        },
      ),
    )

    expect(envelope).toMatchObject({
      cwmpNamespace: 'urn:dslforum-org:cwmp-1-1',
      id: '',
      holdRequests: true,
      sessionTimeout: 40,
      supportedCwmpVersions: ['1.0', '1.4'],
      useCwmpVersion: '1.4',
    })
    expect(envelope.headers).toHaveLength(6)
    expect(envelope.source.startsWith('<soapenv:Envelope')).toBe(true)
  })
})

describe('the type of a value', () => {
  const typeAs = (type: string) => {
    const source = GPV.replace(' xsi:type="xsd:string"', type)
    return decodeResponse(parseEnvelope(source), 'GetParameterValues').ParameterList[0]?.type
  }

  test.each([
    ['', ''],
    [' xsi:type="cwmp:Odd"', '{urn:dslforum-org:cwmp-1-2}Odd'],
    [' xsi:type="q:string"', 'q:string'],
    [
      ' xsi:type="o:string" xmlns:o="http://www.w3.org/1999/XMLSchema"',
      '{http://www.w3.org/1999/XMLSchema}string',
    ],
    [' xsi:type="e:base64" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/"', 'soapenc:base64'],
    [' xmlns:x="http://www.w3.org/2001/XMLSchema" xsi:type="x:string"', 'xsd:string'],
  ])('%s is %s', (attributes, type) => {
    expect(typeAs(attributes)).toBe(type)
  })
})

describe('arguments that cannot be read', () => {
  const failure = (run: () => unknown): EnvelopeError => {
    try {
      run()
    } catch (error) {
      if (error instanceof EnvelopeError) return error
      throw error
    }
    throw new Error('decoded')
  }
  const inform = (from: string | RegExp, to: string) =>
    failure(() => decodeRequest(parseEnvelope(INFORM.replace(from, to)), 'Inform')).message

  test('name what is missing or wrong', () => {
    expect(inform(/<RetryCount>.*<\/RetryCount>/, '')).toBe('Inform has no RetryCount')
    expect(inform('<CommandKey/>', '')).toBe('EventStruct has no CommandKey')
    expect(inform('<RetryCount>0', '<RetryCount>-1')).toContain('RetryCount is "-1"')
    expect(inform('<RetryCount>0', '<RetryCount>4294967296')).toContain('RetryCount')
    expect(inform('<RetryCount>0', '<RetryCount>')).toContain('RetryCount is ""')
    expect(inform('<RetryCount>0', '<RetryCount>0x10')).toContain('RetryCount')
  })

  test('have a place', () => {
    const source = INFORM.replace('<RetryCount>0', '\n <RetryCount>x')

    expect(failure(() => decodeRequest(parseEnvelope(source), 'Inform'))).toMatchObject({
      line: 3,
      column: 2,
    })
  })

  test('are those of the message that was asked for', () => {
    expect(failure(() => decodeResponse(parseEnvelope(GPV), 'GetParameterNames')).message).toBe(
      'Body holds GetParameterValuesResponse, not GetParameterNamesResponse',
    )
    expect(failure(() => decodeResponse(parseEnvelope(FAULT), 'Reboot')).message).toContain(
      'Body holds Fault',
    )
  })

  test('include an operation of no known kind', () => {
    const source = buildRequest('ChangeDUState', SAMPLES.ChangeDUState.request)
    const decode = (from: string, to: string) =>
      failure(() => decodeRequest(parseEnvelope(source.replace(from, to)), 'ChangeDUState')).message

    expect(decode('cwmp:InstallOpStruct', 'cwmp:constructor')).toContain('constructor')
    expect(decode(' xsi:type="cwmp:InstallOpStruct"', '')).toContain('no xsi:type')
  })
})

describe('faults', () => {
  const PROPER = {
    faultCode: 9003,
    faultString: 'Invalid arguments',
    soapFaultCode: 'Client',
    soapFaultString: 'CWMP fault',
    setParameterValuesFaults: [{ ParameterName: 'Device.X', FaultCode: 9007, FaultString: 'no' }],
    cwmpDetail: true,
  }
  const change = (from: string | RegExp, to: string) => {
    const source = FAULT.replace(from, to)
    expect(source).not.toBe(FAULT)
    return parseEnvelope(source)
  }

  test('come back as they were built', () => {
    const envelope = parseEnvelope(FAULT)

    expect(envelope).toMatchObject({ kind: 'fault', name: 'Fault', id: '7', fault: PROPER, oddities: [] })
    expect(isFault(envelope.fault)).toBe(true)
    expect(isFault({ Status: 0 })).toBe(false)
    expect(isFault(undefined)).toBe(false)
  })

  test.each<[string, () => Envelope]>([
    ['detail of the SOAP namespace', () => change(/<(\/?)detail>/g, '<$1soapenv:detail>')],
    ['Detail with a capital', () => change(/<(\/?)detail>/g, '<$1Detail>')],
    ['no detail around cwmp:Fault', () => change(/<\/?detail>/g, '')],
    [
      'detail behind the Fault',
      () => change(/(<detail>.*<\/detail>)<\/soapenv:Fault>/, '</soapenv:Fault>$1'),
    ],
    ['Fault beside an empty Body', () => change(/<soapenv:Body>(.*)<\/soapenv:Body>/, '<soapenv:Body/>$1')],
  ])('are read in spite of: %s', (_name, parse) => {
    const envelope = parse()

    expect(envelope.fault).toEqual(PROPER)
    expect(envelope.oddities).toHaveLength(1)
    expect(envelope.cwmpNamespace).toBe('urn:dslforum-org:cwmp-1-2')
  })

  test('are read from a bare cwmp:Fault', () => {
    const envelope = change(/<soapenv:Fault>.*(<cwmp:Fault>.*<\/cwmp:Fault>).*<\/soapenv:Fault>/, '$1')

    expect(envelope).toMatchObject({
      kind: 'fault',
      fault: { faultCode: 9003, soapFaultCode: '', cwmpDetail: true },
    })
    expect(envelope.oddities).toHaveLength(1)
  })

  test('may have a prefixed code', () => {
    expect(change('>Client<', '>soapenv:Client<').fault).toEqual(PROPER)
  })

  test('may be plain SOAP faults', () => {
    const envelope = change(/<detail>.*<\/detail>/, '')

    expect(envelope.fault).toMatchObject({ faultCode: 0, soapFaultCode: 'Client', cwmpDetail: false })
    expect(envelope.oddities).toEqual([])
  })

  test('may have a code that is no number', () => {
    const envelope = change('>9003<', '>many<')

    expect(envelope.fault).toMatchObject({ faultCode: 0, cwmpDetail: true })
    expect(envelope.oddities).toHaveLength(1)
  })
})

describe('what is no envelope', () => {
  test('keeps an invented namespace', () => {
    const envelope = parseEnvelope(INFORM.replace('cwmp-1-2', 'cwmp-1-3'))

    expect(envelope.cwmpNamespace).toBe('urn:dslforum-org:cwmp-1-3')
    expect(envelope.id).toBe('1')
  })

  test.each([
    ['HTML', '<html/>'],
    [
      'SOAP 1.2',
      INFORM.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
    ],
    ['an envelope without Body', INFORM.replaceAll('soapenv:Body', 'soapenv:Bodi')],
    ['an empty Body', INFORM.replace(/<cwmp:Inform>.*<\/cwmp:Inform>/, '')],
  ])('%s', (_name, source) => {
    expect(() => parseEnvelope(source)).toThrow(EnvelopeError)
  })

  test('octets of any kind end in one of the two errors, with a place', () => {
    const octets = [
      Buffer.alloc(0),
      Buffer.alloc(1000),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from([0xfe, 0xff]),
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>'),
      Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a/>'),
      Buffer.from('<a>'.repeat(100_000)),
      Buffer.from(`<a ${'x="" '.repeat(100_000)}/>`),
      Buffer.from(INFORM).subarray(0, 500),
      // Fixed numbers instead of chance: the same octets in every run.
      ...Array.from({ length: 200 }, (_, seed) =>
        Buffer.from(Array.from({ length: 64 }, (_, index) => ((seed + 1) * (index + 7) * 2654435761) >>> 24)),
      ),
      ...Array.from({ length: 300 }, (_, index) => {
        const broken = Buffer.from(INFORM)
        broken[index * 6] = (index * 37) & 0xff
        return broken
      }),
    ]
    for (const source of octets) {
      try {
        parseEnvelope(source)
      } catch (error) {
        const known = error instanceof XmlError || error instanceof EnvelopeError
        expect(known, String(error)).toBe(true)
        expect((error as XmlError).line).toBeGreaterThan(0)
        expect((error as XmlError).column).toBeGreaterThan(0)
      }
    }
  })
})
