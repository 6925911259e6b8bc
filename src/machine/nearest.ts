/** What somebody may have meant who typed a name that does not exist. */

/** More than this many guesses help nobody. */
const MOST = 3
/** One mistake in three letters is still the same word. */
const LETTERS_PER_MISTAKE = 3

/**
 * Those of `names` nearest to `typed`, best first, three at most: the same word in other case, at most one mistake (a
 * letter too many, missing, wrong, or two swapped) in three letters, or names that go on where `typed` ends (from three
 * letters on).
 */
export function nearest(typed: string, names: readonly string[]): string[] {
  const word = typed.toLowerCase()
  const allowed = Math.ceil(Math.max(2, word.length) / LETTERS_PER_MISTAKE)
  const scored = names.map(name => ({ name, mistakes: mistakesBetween(word, name.toLowerCase()) }))
  const best = Math.min(...scored.map(s => s.mistakes))
  if (best <= allowed)
    return scored
      .filter(s => s.mistakes === best)
      .map(s => s.name)
      .slice(0, MOST)
  return word.length < LETTERS_PER_MISTAKE ? [] : names.filter(n => n.toLowerCase().startsWith(word)).slice(0, MOST)
}

/** 'did you mean dev?', 'did you mean dev1 or dev2?'; none where nothing is near. */
export function didYouMean(typed: string, names: readonly string[]): string[] {
  const near = nearest(typed, names)
  return near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]
}

/** Letters to add, take away, change or swap with their neighbour until `a` is `b` (optimal string alignment distance). */
function mistakesBetween(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, j) => j)
  for (const [i, letter] of left.entries()) {
    const row = [i + 1]
    for (const [j, other] of right.entries()) {
      const same = letter === other ? 0 : 1
      let least = Math.min((last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, (last[j] ?? 0) + same)
      if (i > 0 && j > 0 && letter === right[j - 1] && left[i - 1] === other)
        least = Math.min(least, (beforeLast[j - 1] ?? 0) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[right.length] ?? 0
}
