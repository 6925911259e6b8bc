/**
 * go-cases.json: templates with what Go 1.26's text/template made of them, and of which kind its error was. Go's own words
 * for errors are not ours; that there is one, and at which stage, is.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { MachineError } from '../../../src/errors.ts'
import { compileTemplate, Struct } from '../../../src/template/index.ts'

interface Cases {
  data: unknown[]
  cases: { template: string; data: number; output?: string; fails?: 'parse' | 'run' }[]
}
const { data, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'go-cases.json'), 'utf8')) as Cases

function rendered(template: string, value: unknown): string | MachineError {
  try {
    return compileTemplate(template).render(value)
  } catch (error) {
    if (error instanceof MachineError) return error
    throw error
  }
}

describe('as Go', () => {
  test('there are cases', () => expect(cases.length).toBeGreaterThan(340))
  test.each(cases.filter(c => c.output !== undefined))('$template', ({ template, data: i, output }) =>
    expect(rendered(template, data[i])).toBe(output),
  )
})

describe('refused, as by Go', () => {
  test.each(cases.filter(c => c.fails !== undefined))('$template', ({ template, data: i }) =>
    expect(rendered(template, data[i])).toMatchObject({ code: 'TEMPLATE', oclif: { exit: 1 } }),
  )
})

describe('an error is one sentence with its place', () => {
  test.each([
    ['{{.Name', 'template parsing error: line 1, column 1: unclosed action: its }} is missing'],
    ['a\n{{foo 1}}', 'template parsing error: line 2, column 3: function "foo" not defined'],
    ['{{if .X}}x', 'template parsing error: line 1, column 6: {{if}} is never ended: its {{end}} is missing'],
    ['{{.Name "x"}}', "template error: line 1, column 3: can't give argument to non-function .Name"],
    ['ü{{not 1 2}}', 'template error: line 1, column 4: wrong number of arguments for not: 2 given, 1 wanted'],
    ['{{len 3}}', 'template error: line 1, column 3: error calling len: len of type int'],
    [
      '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
      'template error: line 1, column 17: template "a" calls itself without end',
    ],
  ])('%s', (template, message) => expect(rendered(template, {})).toMatchObject({ message }))
})

describe('where we go beyond Go', () => {
  test('a whole number equals the same number of a record', () =>
    expect(rendered('{{eq .Port 22}} {{lt .Port 23}} {{eq 1 1.0}}', { Port: 22 })).toBe('true true true'))
  test('json and prettyjson are always there', () =>
    expect(rendered('{{json .}} {{prettyjson .}}', { b: '<', a: [] })).toBe(
      '{"a":[],"b":"\\u003c"} {\n    "a": [],\n    "b": "\\u003c"\n}',
    ))
})

describe('structs', () => {
  const item = new Struct('Item', {
    Name: 'dev',
    Took: new Struct('Duration', { Seconds: 1.5 }, { text: '1.5s', json: 1_500_000_000 }),
    Options: new Struct('Options', { Labels: ['a=b'], Count: 2n, On: true }),
  })
  test.each([
    ['{{.}}', '{dev 1.5s {[a=b] 2 true}}'],
    ['{{.Options}} {{printf "%+v" .Options}}', '{[a=b] 2 true} {Labels:[a=b] Count:2 On:true}'],
    ['{{.Took}} {{.Took.Seconds}} {{gt .Took 1000}} {{printf "%s" .Took}}', '1.5s 1.5 true 1.5s'],
    ['{{json .}}', '{"Name":"dev","Took":1500000000,"Options":{"Labels":["a=b"],"Count":2,"On":true}}'],
    ['{{range .Options.Labels}}{{.}}{{end}}', 'a=b'],
  ])('%s', (template, output) => expect(rendered(template, item)).toBe(output))
  test('a field it has not is an error that names those it has', () =>
    expect(rendered('{{.Nmae}}', item)).toMatchObject({
      message: "template error: line 1, column 3: can't evaluate field Nmae in type Item; it has Name, Took, Options",
    }))
})

test('hostile keys are keys like any other', () => {
  const value = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c"}')
  expect(rendered('{{index . "__proto__"}} {{.constructor}} {{.toString}} {{json .}}', value)).toBe(
    'map[x:1] c <no value> {"__proto__":{"x":1},"constructor":"c"}',
  )
})
