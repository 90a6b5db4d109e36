/** What a value is made of, and how its result is made of theirs. */
export interface Branch<Result> {
  readonly children: readonly unknown[]
  build(results: readonly Result[]): Result
}

/**
 * Makes a result of a value from the results of what it is made of, however deep: nothing recurses. `visit` sees values from
 * left to right, outer before inner, and gives the result itself for a `leaf`.
 */
export function fold<Result>(
  root: unknown,
  visit: (value: unknown) => { readonly leaf: Result } | Branch<Result>,
): Result {
  const frames: Frame<Result>[] = []
  let found = visit(root)
  for (;;) {
    let result: Result
    if ('leaf' in found) {
      result = found.leaf
    } else if (found.children.length > 0) {
      frames.push({ branch: found, results: [] })
      found = visit(found.children[0])
      continue
    } else {
      result = found.build([])
    }
    // Hand the result to what it belongs to; if that is complete now, it is the next result to hand on.
    for (;;) {
      const frame = frames.at(-1)
      if (frame === undefined) return result
      frame.results.push(result)
      const { children } = frame.branch
      if (frame.results.length < children.length) {
        found = visit(children[frame.results.length])
        break
      }
      frames.pop()
      result = frame.branch.build(frame.results)
    }
  }
}

interface Frame<Result> {
  readonly branch: Branch<Result>
  readonly results: Result[]
}
