import type { Choices } from './random.ts'
import type { Kind } from './requests.ts'
import { ROW, type SoapTarget } from './target.ts'

/** Text that stands where another should, and what is wrong with it. */
export interface WrongText {
  readonly kind: string
  readonly text: string
}

/** No data model has any of these. */
const UNKNOWN = 'NoSuchParameterHere'
const NO_ROW = '987654321'

/** What may stand in the place of a name: of a parameter, an object, a table or a row, as the argument asks for. */
export function wrongNames(kind: Kind, target: SoapTarget, choices: Choices): WrongText[] {
  switch (kind) {
    case 'readName':
    case 'path':
      return forReading(target, choices)
    case 'attributeName':
      return ofParameter(choices.pick(target.attributable), target)
    case 'setName':
      return [
        ...ofParameter(choices.pick(target.writable).path, target),
        { kind: 'name partial', text: choices.pick(target.objects) },
        { kind: 'name empty', text: '' },
      ]
    case 'tableName':
      return target.table ? ofTable(target.table.path, target) : []
    case 'rowName':
      return target.table ? ofRow(target.table.path, target) : []
    default:
      return []
  }
}

function forReading(target: SoapTarget, choices: Choices): WrongText[] {
  const object = choices.pick(target.objects)
  const table = target.table?.path ?? target.readOnlyTable
  return [
    ...ofParameter(choices.pick(target.parameters), target),
    { kind: 'name missing dot', text: object.slice(0, -1) },
    { kind: 'name unknown object', text: `${object}NoSuchObjectHere.` },
    { kind: 'name empty', text: '' },
    ...(table === undefined
      ? []
      : [
          { kind: 'name wildcard row', text: `${table}*.` },
          { kind: 'name no such table', text: `${target.root}NoSuchTable.*.` },
        ]),
    ...(target.table ? [{ kind: 'name odd row', text: `${target.table.path}0${ROW}.` }] : []),
  ]
}

/** What is wrong with the name of a parameter, whatever it is wanted for. */
function ofParameter(path: string, target: SoapTarget): WrongText[] {
  const { root } = target
  const other = root === 'Device.' ? 'InternetGatewayDevice.' : 'Device.'
  const table = target.table?.path ?? target.readOnlyTable
  return [
    { kind: 'name unknown', text: `${parentOf(path)}${UNKNOWN}` },
    { kind: 'name wrong case', text: swapLast(path) },
    { kind: 'name wrong case of root', text: path.replace(/^[^.]+/, swapCase) },
    { kind: 'name trailing dot', text: `${path}.` },
    { kind: 'name wildcard', text: `${root}*.` },
    { kind: 'name 256', text: `${root}X_FUZZ_`.padEnd(256, 'a') },
    { kind: 'name 257', text: `${root}X_FUZZ_`.padEnd(257, 'a') },
    { kind: 'name huge', text: `${root}X_FUZZ_`.padEnd(70_000, 'a') },
    { kind: 'name huge depth', text: `${root}${'A.'.repeat(30_000)}` },
    { kind: 'name Unicode', text: `${path}é😀` },
    { kind: 'name markup', text: `${path}<a>&amp;"'` },
    { kind: 'name traversal', text: `${root}../../../../etc/passwd` },
    { kind: 'name double dot', text: path.replace('.', '..') },
    { kind: 'name leading dot', text: `.${path}` },
    { kind: 'name shell', text: `${path};\`reboot\`$(reboot)|reboot` },
    { kind: 'name format', text: `${root}%n%n%s%x%999999d` },
    { kind: 'name other root', text: path.replace(root, other) },
    { kind: 'name dot', text: '.' },
    { kind: 'name spaces', text: ` ${path}\t` },
    { kind: 'name below', text: `${path}.Name` },
    ...(table === undefined
      ? []
      : [
          { kind: 'name placeholder', text: `${table}{i}.Enable` },
          { kind: 'name unknown row', text: `${table}${NO_ROW}.Enable` },
          { kind: 'name row zero', text: `${table}0.Enable` },
          { kind: 'name row negative', text: `${table}-1.Enable` },
          { kind: 'name row huge', text: `${table}18446744073709551617.Enable` },
          { kind: 'name no such alias', text: `${table}[no-such-alias].Enable` },
          { kind: 'name open bracket', text: `${table}[.Enable` },
        ]),
  ]
}

function ofTable(table: string, target: SoapTarget): WrongText[] {
  return [
    { kind: 'object unknown', text: `${target.root}NoSuchTableHere.` },
    { kind: 'object wrong case', text: swapLast(table) },
    { kind: 'object missing dot', text: table.slice(0, -1) },
    { kind: 'object no table', text: parentOf(table) },
    { kind: 'object row', text: `${table}${ROW}.` },
    ...(target.readOnlyTable === undefined ? [] : [{ kind: 'object read-only', text: target.readOnlyTable }]),
    ...ofEitherObject(table, target),
  ]
}

function ofRow(table: string, target: SoapTarget): WrongText[] {
  return [
    { kind: 'object unknown', text: `${target.root}NoSuchTableHere.1.` },
    { kind: 'object wrong case', text: `${swapLast(table)}${ROW}.` },
    { kind: 'object missing dot', text: `${table}${ROW}` },
    { kind: 'object no table', text: parentOf(table) },
    { kind: 'object table', text: table },
    { kind: 'object unknown row', text: `${table}${NO_ROW}.` },
    { kind: 'object row zero', text: `${table}0.` },
    { kind: 'object row negative', text: `${table}-1.` },
    { kind: 'object row huge', text: `${table}18446744073709551617.` },
    { kind: 'object odd row', text: `${table}0${ROW}.` },
    ...ofEitherObject(table, target),
  ]
}

function ofEitherObject(table: string, target: SoapTarget): WrongText[] {
  return [
    { kind: 'object parameter', text: target.readOnly.path },
    { kind: 'object empty', text: '' },
    { kind: 'object dot', text: '.' },
    { kind: 'object wildcard', text: `${table}*.` },
    { kind: 'object placeholder', text: `${table}{i}.` },
    { kind: 'object double dot', text: `${table}.` },
    { kind: 'object 256', text: `${`${target.root}X_FUZZ_`.padEnd(255, 'a')}.` },
    { kind: 'object 257', text: `${`${target.root}X_FUZZ_`.padEnd(256, 'a')}.` },
    { kind: 'object huge', text: `${`${target.root}X_FUZZ_`.padEnd(70_000, 'a')}.` },
    { kind: 'object Unicode', text: `${table}é.` },
    { kind: 'object traversal', text: `${target.root}../../../../tmp/.` },
    { kind: 'object shell', text: `${table}$(reboot).` },
    { kind: 'object spaces', text: ` ${table} ` },
    { kind: 'object open bracket', text: `${table}[.` },
  ]
}

function parentOf(name: string): string {
  return name.replace(/[^.]+\.?$/, '')
}

function swapLast(name: string): string {
  return name.replace(/[^.]+\.?$/, swapCase)
}

function swapCase(text: string): string {
  const upper = text.toUpperCase()
  return upper === text ? text.toLowerCase() : upper
}
