/** What the record holds of a machine: which Vagrantfile, which machine of it, and how it was reached last. */
export interface State {
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number
  /** The key Vagrant logs in with, as seen last; `inspect` asks anew. */
  SSHKeyPath: string
  /** Its name in the Vagrantfile. */
  VmName: string
  Provider: string
  /** Name the provider knows it by, where we choose it (a container's). */
  ProviderName: string
  /** Folder of the Vagrantfile that was there before us; '': our own, in the machine's folder. */
  Project: string
  /** Where Vagrant keeps what it knows of the project, if not in its `.vagrant`. */
  ProjectDotfile: string
  /** `rm` destroys the project's machine. */
  ProjectDestroy: boolean
  /** A disk size was asked for: Vagrant takes it as an experiment that is to be switched on. */
  Disks: boolean
  /** Port the engine listens on in the machine. */
  EnginePort: number
  /** Which engine provider docker makes containers in: the DOCKER_* variables there were. */
  DockerEnv: Readonly<Record<string, string>>
}
