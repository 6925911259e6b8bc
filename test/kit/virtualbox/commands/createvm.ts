import { resolve } from 'node:path'
import type { Call } from '../call.ts'
import { readAll, table } from '../getopt.ts'
import { badArgument, ComProblem, SyntaxProblem } from '../problem.ts'
import { OS_TYPES } from '../tables/os-types.ts'
import { USAGE } from '../tables/usage.ts'
import { atLeast } from '../versions.ts'
import { makeVm } from './make-vm.ts'

const OPTIONS = table(
  ['--name -name', 'string'],
  ['--groups', 'string'],
  ['--basefolder -basefolder', 'string'],
  ['--ostype -ostype', 'string'],
  ['--uuid -uuid', 'uuid'],
  ['--register -register', 'nothing'],
  ['--default', 'nothing'],
)
const SINCE_70 = table(['--cipher -cipher', 'string'], ['--password-id', 'string'], ['--password', 'string'])
const SINCE_71 = table(['--platform-architecture --platform-arch', 'string'])

export function createvm(args: readonly string[], { box, cwd, out }: Call): void {
  const { it } = box
  const options = [...OPTIONS, ...(atLeast(it, '7.0') ? SINCE_70 : []), ...(atLeast(it, '7.1') ? SINCE_71 : [])]
  const { plain, get, has } = readAll(args, options)
  if (plain[0] !== undefined) throw new SyntaxProblem(`Invalid parameter '${plain[0]}'`, USAGE.createvm)
  const name = get('--name') ?? ''
  if (name === '') throw new SyntaxProblem('Parameter --name is required', USAGE.createvm)
  const given = get('--platform-architecture')?.toLowerCase()
  if (given !== undefined && given !== 'x86' && given !== 'arm')
    throw badArgument(`Invalid --platform-architecture argument '${get('--platform-architecture')}'`)
  const osType = get('--ostype') ?? 'Other'
  const known = Object.hasOwn(OS_TYPES, osType)
  if (!known)
    throw new ComProblem({
      text: `Guest OS type '${osType}' is invalid`,
      code: 'VBOX_E_OBJECT_NOT_FOUND',
      of: 'VirtualBoxWrap IVirtualBox',
      context:
        'CreateMachine(bstrSettingsFile.raw(), bstrName.raw(), ComSafeArrayAsInParam(groups), bstrOsTypeId.raw(), createFlags.raw(), machine.asOutParam())',
      at: 'VBoxManageMisc.cpp:328',
    })
  const ofType = /_arm64$/i.test(osType) ? 'arm' : has('--ostype') ? 'x86' : undefined
  const vm = makeVm(box, {
    name,
    osType,
    folder: get('--basefolder') === undefined ? box.machineFolder : resolve(cwd, get('--basefolder') ?? ''),
    architecture: given ?? ofType ?? it.architecture,
    ...(get('--uuid') === undefined ? {} : { uuid: (get('--uuid') ?? '').replace(/[{}]/g, '').toLowerCase() }),
    ...(get('--groups') === undefined ? {} : { groups: get('--groups') ?? '/' }),
  })
  vm.registered = has('--register')
  out(
    `Virtual machine '${name}' is created${vm.registered ? ' and registered' : ''}.\nUUID: ${vm.uuid}\nSettings file: '${vm.settingsFile}'\n`,
  )
}
