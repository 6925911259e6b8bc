import { describe, expect, test } from '@jest/globals'
import { goRegExp } from '../../../src/machine/go-regexp.ts'
import { parseFilters } from '../../../src/machine/list-filter.ts'
import { type MachineRecord, newRecord } from '../../../src/machine/record.ts'

function record(name: string, driverName: string, labels: string[]): MachineRecord {
  const made = { name, driverName, storePath: '/s', swarm: {}, tlsSans: [], machine: { Phase: 'ready' as const } }
  return newRecord({ ...made, engine: { Labels: labels } })
}

const MACHINES = [
  { record: record('web-1', 'generic', ['tier=web', 'zone=a']), driver: 'generic', master: 'Lead' },
  { record: record('web-2', 'none', ['tier=web', 'zone=b']), driver: 'none', master: '' },
  { record: record('db', 'amazonec2', ['tier=db']), driver: 'not-found', master: 'lead' },
]
const matching = (...filters: string[]) => {
  const filter = parseFilters(filters)
  return MACHINES.filter(m => filter.matches(m)).map(m => m.record.Name)
}

test.each([
  [[], ['web-1', 'web-2', 'db']],
  [['driver=GENERIC'], ['web-1']],
  [
    ['driver=generic', 'driver=none'],
    ['web-1', 'web-2'],
  ],
  [['driver=amazonec2'], ['db']],
  [['driver=not-found'], ['db']],
  [['name=^web-'], ['web-1', 'web-2']],
  [
    ['name=1$', 'name=^d'],
    ['web-1', 'db'],
  ],
  [['name=WEB'], []],
  [['name=(?i)WEB'], ['web-1', 'web-2']],
  [['label=tier=web'], ['web-1', 'web-2']],
  [
    ['label=tier=web', 'label=tier=db'],
    ['web-1', 'web-2', 'db'],
  ],
  [['label=tier=WEB'], []],
  [['label=zone'], ['web-1', 'web-2']],
  [['label=tier=web', 'driver=none'], ['web-2']],
  [['swarm=lead'], ['web-1', 'db']],
  [['SWARM=LEAD', 'Name=web'], ['web-1']],
  [['swarm='], []],
])('%j', (filters, names) => expect(matching(...filters)).toEqual(names))

test('states are matched apart, regardless of case', () => {
  const filter = parseFilters(['state=running', 'state=STOPPED'])
  expect(filter.byState).toBe(true)
  expect((['Running', 'Stopped', 'Error', 'Timeout', ''] as const).filter(s => filter.matchesState(s))).toEqual([
    'Running',
    'Stopped',
  ])
  expect(parseFilters([]).byState).toBe(false)
  expect(parseFilters([]).matchesState('Error')).toBe(true)
})

test.each([
  ['nonsense', 'Unsupported filter syntax'],
  ['', 'Unsupported filter syntax'],
  ['colour=red', "Unsupported filter key 'colour'"],
  ['=x', "Unsupported filter key ''"],
  ['name=(', 'error parsing regexp: missing closing ): `(`'],
  ['name=a)', 'error parsing regexp: unexpected ): `a)`'],
  ['name=[a', 'error parsing regexp: missing closing ]: `[a`'],
  ['name=*', 'error parsing regexp: missing argument to repetition operator: `*`'],
])('%j is refused', (filter, message) =>
  expect(() => parseFilters([filter])).toThrow(
    expect.objectContaining({ code: 'FILTER', message, oclif: { exit: 1 } }),
  ),
)

describe("Go's expressions", () => {
  test.each([
    ['^web[[:digit:]]+$', 'web12', true],
    ['^web[[:digit:]]+$', 'webx', false],
    ['\\Aweb\\z', 'web', true],
    ['(?P<tier>web|db)-\\d', 'db-3', true],
    ['web\\-1', 'web-1', true],
    ['a\\.b', 'a.b', true],
    ['a\\.b', 'axb', false],
    ['a\\:b\\_c\\/d', 'a:b_c/d', true],
    ['^\\pL+\\\\-$', 'web\\-', true],
    ['(?is)W.B', 'web', true],
  ])('%s on %s', (expression, name, matches) => expect(goRegExp(expression).test(name)).toBe(matches))
})
