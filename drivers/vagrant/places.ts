import { join } from 'node:path'
import type { Ctx } from '../driver.ts'
import type { State } from './state.ts'

/** Where a machine's things lie. All paths follow the store, wherever it is moved. */
export interface Places {
  /** Our folder of it: private, and gone with the machine. */
  readonly own: string
  /** VAGRANT_CWD: the folder of the Vagrantfile. */
  readonly cwd: string
  /** VAGRANT_DOTFILE_PATH: what Vagrant knows of its machines. */
  readonly dotfile: string
  readonly vagrantfile: string
  /** Copy of what --vagrant-vagrantfile named. */
  readonly fragment: string
  /** The vagrant that works on the machine right now. */
  readonly running: string
  /** How it was reached when it was last brought up. */
  readonly reached: string
}

/** The places of a machine; of one that is taken over, the Vagrantfile is where it was. */
export function placesOf(
  state: Partial<Pick<State, 'Project' | 'ProjectDotfile'>>,
  ctx: Pick<Ctx, 'machineDir'>,
): Places {
  const own = join(ctx.machineDir, 'vagrant')
  const cwd = state.Project || own
  return {
    own,
    cwd,
    dotfile: state.ProjectDotfile || join(cwd, '.vagrant'),
    vagrantfile: join(own, 'Vagrantfile'),
    fragment: join(own, 'fragment.rb'),
    running: join(own, 'running'),
    reached: join(own, 'reached.json'),
  }
}
