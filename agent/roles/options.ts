export interface RoleOptions {
  /** `AgentConfig.operatorMounts`. */
  readonly operatorMounts: readonly string[]
  /** `AgentConfig.dataRoot` and `socket`: places nobody but an admin mounts, wherever they lie. */
  readonly enginePlaces?: readonly string[]
  /**
   * Ids of all networks that are the host's own, as the engine and its swarm number them. Where it is given, operators may
   * name networks by their ids; without it an id is refused, because it may be one of these.
   */
  readonly hostNetworks?: readonly string[]
}
