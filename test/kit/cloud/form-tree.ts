/** The form of a request as a tree: `Filter.1.Name` is three levels deep. */

export interface Branch {
  value?: string
  readonly under: Map<string, Branch>
}

/** `repeated` is called with a name that comes again; the last value counts. */
export function treeOf(form: Iterable<[string, string]>, repeated: (name: string) => void = () => {}): Branch {
  const root: Branch = { under: new Map() }
  for (const [name, value] of form) {
    let at = root
    for (const part of name.split('.')) {
      const next = at.under.get(part) ?? { under: new Map() }
      at.under.set(part, next)
      at = next
    }
    if (at.value !== undefined) repeated(name)
    at.value = value
  }
  return root
}
