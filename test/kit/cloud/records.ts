/** Records of machines at a cloud, as tests need them. */

/** The state of a machine for which all was asked so long ago that the cloud would know it by now. */
export function longAgo<S extends { LaunchAsked?: string; EipAsked?: string }>(state: S): S {
  const earlier = (when: string | undefined) => (when ? new Date(Date.parse(when) - 60_000).toISOString() : when)
  const { LaunchAsked, EipAsked } = state
  return {
    ...state,
    ...(LaunchAsked === undefined ? {} : { LaunchAsked: earlier(LaunchAsked) }),
    ...(EipAsked === undefined ? {} : { EipAsked: earlier(EipAsked) }),
  }
}
