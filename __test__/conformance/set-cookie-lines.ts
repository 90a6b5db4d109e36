/**
 * Whether 8.1 sends what we send wherever a line of another rack (`theirs`, null where it raised) differs from ours:
 * the name and each attribute are compared, in any case.
 */
export function alike(ours: string, theirs: string | null, newest: string): boolean {
  const [our, their, new_] = [ours, theirs ?? '', newest].map(attributesOf) as [Attributes, Attributes, Attributes]
  const differing = [...our].filter(([name, value]) => SPELLED.has(name) && their.get(name) !== value)
  return differing.every(([name, value]) => spelling(new_.get(name)) === spelling(value))
}

/** Of a date, how it is spelled: applications were recorded one after another. */
function spelling(value: string | undefined): string | undefined {
  return value?.replace(DATE, 'date')
}

type Attributes = ReadonlyMap<string, string>

function attributesOf(line: string): Attributes {
  const [pair = '', ...attributes] = line.split('; ')
  const found = attributes.map((attribute): [string, string] => {
    const [name = '', value = ''] = attribute.toLowerCase().split('=')
    return [name, value]
  })
  return new Map([['', pair.slice(0, pair.indexOf('='))], ...found])
}

/** What racks spell differently; '' is the cookie's name. */
const SPELLED: ReadonlySet<string> = new Set(['', 'expires', 'max-age', 'samesite'])
const DATE = /^[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d/
