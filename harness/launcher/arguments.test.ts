import { describe, expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

const suites = ['dut', 'rpc', 'session', 'transport']
const parse = (...argv: string[]) => parseArguments(argv, suites)

describe('the command line', () => {
  test('without options runs everything at a seed of its own', () => {
    const first = parse()

    expect(first).toMatchObject({ suites: [], list: 'no', level: 'MAY', dut: undefined, vitest: [] })
    expect(parse().seed).not.toBe(first.seed)
  })

  test('takes repeated suites, values after = and a tail for vitest', () => {
    const given = parse('--suite', 'rpc', '--suite=dut', '--suite', 'rpc', '--seed=7', '--', '--bail', '1')

    expect(given).toMatchObject({ suites: ['rpc', 'dut'], seed: 7, vitest: ['--bail', '1'] })
  })

  test.each([
    [[], 'embedded'],
    [['--suite', 'rpc'], 'auto'],
    [['--peers', 'auto'], 'auto'],
    [['--suite', 'rpc', '--peers=containers'], 'containers'],
  ])('%j takes the peers %s', (argv, expected) => {
    expect(parse(...argv).peers).toBe(expected)
  })

  test.each([
    ['5000', { cases: 5000 }],
    ['90s', { ms: 90_000 }],
    ['10m', { ms: 600_000 }],
    ['8h', { ms: 28_800_000 }],
  ])('reads the budget %s', (text, expected) => {
    expect(parse('--budget', text).budget).toEqual(expected)
  })

  test('puts phases in their order, and reads a shard', () => {
    expect(parse('--phases', 'stateful,coverage').phases).toEqual(['coverage', 'stateful'])
    expect(parse('--shard', '2/4', '--seed', '1').shard).toEqual({ index: 2, of: 4 })
    expect(parse('--replay', 'x.json', '--dut=dut.json')).toMatchObject({ replay: 'x.json', dut: 'dut.json' })
  })

  test('reads what the gate is about', () => {
    expect(parse('--certify', '--sign', 'key.pem', '--waivers=w.json')).toMatchObject({
      certify: true,
      sign: 'key.pem',
      waivers: 'w.json',
      isSeedGiven: false,
    })
    expect(parse('--rerun-failed', 'reports/latest', '--grep', 'GPV', '--seed', '3')).toMatchObject({
      rerunFailed: 'reports/latest',
      certify: false,
      isSeedGiven: true,
    })
  })

  test.each([
    [['--list'], 'text'],
    [['--list', 'json'], 'json'],
    [['--list=json'], 'json'],
    [['--list', '--suite', 'rpc'], 'text'],
  ])('%j lists as %s', (argv, expected) => {
    expect(parse(...argv).list).toBe(expected)
  })

  test.each([
    [['--suite', 'rcp'], 'did you mean "rpc"'],
    [['--suit', 'rpc'], 'did you mean "--suite"'],
    [['--suite'], '--suite needs a value'],
    [['--suite', '--list'], '--suite needs a value'],
    [['--seed', '-1'], '--seed "-1"'],
    [['--seed', '4294967296'], '--seed "4294967296"'],
    [['--seed', '1.5'], '--seed "1.5"'],
    [['--level', 'most'], '--level "most"'],
    [['--budget', '0'], '--budget "0"'],
    [['--budget', '10d'], '--budget "10d"'],
    [['--phases', 'coverage,mutatio'], 'unknown phase "mutatio", did you mean "mutation"?'],
    [['--shard', '0/4', '--seed', '1'], '--shard "0/4"'],
    [['--shard', '5/4', '--seed', '1'], '--shard "5/4"'],
    [['--shard', '1/4'], '--shard needs --seed'],
    [['--replay', 'x.json', '--suite', 'rpc'], '--suite does not go with --replay'],
    [['--replay', 'x.json', '--waivers', 'y.json'], '--waivers does not go with --replay'],
    [['--rerun-failed', 'reports/latest', '--suite', 'rpc'], '--suite does not go with --rerun-failed'],
    [['--rerun-failed', 'x', '--seed', '1', '--shard', '1/2'], '--shard does not go with --rerun-failed'],
    [['--rerun-failed', '--grep', 'x'], '--rerun-failed needs a value'],
    [['--waivers'], '--waivers needs a value'],
    [['--certify=yes'], '--certify takes no value'],
    [['--sign', 'key.pem'], '--sign needs --certify'],
    [['--certify', '--watch'], '--watch does not go with --certify'],
    [['--list=yaml'], '--list "yaml"'],
    [['--peers', 'docker'], '--peers "docker": expected embedded, containers or auto'],
    [['--grep', '('], '--grep "("'],
    [['rpc'], 'unknown argument "rpc"'],
  ])('%j is refused: %s', (argv, expected) => {
    expect(() => parse(...argv)).toThrow(expected)
  })
})
