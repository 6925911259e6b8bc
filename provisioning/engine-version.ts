/** Engine versions: '20.10.24+dfsg1', '29.10.0-ce', '3:28.5.1-1.el9'. */

/** The oldest engine that is worked with: before it, the API and the packages are other ones. */
export const OLDEST_ENGINE = '20.10'

function numbers(version: string): number[] {
  return (/^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '').split('.').map(Number)
}

/** Whether `version` is `major[.minor]` or newer; one that cannot be read counts as old. */
export function atLeast(version: string, major: number, minor = 0): boolean {
  const [have = 0, haveMinor = 0] = numbers(version)
  return have > major || (have === major && haveMinor >= minor)
}

/** Whether `version` begins with what was asked for, number by number: '29.1' is not '29.10'. */
export function matches(version: string, asked: string): boolean {
  const [have, want] = [numbers(version), numbers(asked)]
  return want.every((number, i) => have[i] === number)
}

/** Whether `version` is newer than everything `asked` stands for: 29.1 is newer than 28 and 28.5, 28.5.2 is not newer than 28. */
export function newerThan(version: string, asked: string): boolean {
  const [have, want] = [numbers(version), numbers(asked)]
  const differs = want.findIndex((number, i) => have[i] !== number)
  return differs >= 0 && (have[differs] ?? 0) > (want[differs] ?? 0)
}
