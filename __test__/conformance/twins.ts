import type { AnyCase, CookieCase, VectorFile } from './vectors.ts'

/** Finds what Rails 8.1 made of the case that an older Rails answered. */
export class Twins {
  /** Cases of 8.1 by layer and id. */
  readonly #newest: ReadonlyMap<string, AnyCase>
  /** Every version's cases by layer and id, oldest Rails first. */
  readonly #all: ReadonlyMap<string, readonly AnyCase[]>
  readonly #layers: ReadonlySet<string>

  /**
   * `files`: what is judged. `witnesses`: further files in which 8.1's answers are looked for. Of a case that several
   * files hold, the first counts.
   */
  constructor(files: readonly VectorFile[], witnesses: readonly VectorFile[] = []) {
    const newest = new Map<string, AnyCase>()
    const all = new Map<string, AnyCase[]>()
    const layers = new Set<string>()
    for (const file of files) if (isNewest(file)) layers.add(file.layer)
    for (const file of [...files, ...witnesses]) {
      const { layer, cases } = file
      const newestOfLayer = isNewest(file)
      for (const vector of cases) {
        const key = `${layer} ${vector.id}`
        const known = all.get(key)
        if (known === undefined) all.set(key, [vector])
        else known.push(vector)
        if (!newestOfLayer) continue
        if (!newest.has(key)) newest.set(key, vector)
        if (layer === 'app' && !newest.has(nameOf(vector.id))) newest.set(nameOf(vector.id), vector)
      }
    }
    this.#newest = newest
    this.#all = all
    this.#layers = layers
  }

  /** Whether 8.1's file of a layer is among what is judged; otherwise, a case that 8.1 has may just not be there. */
  has(layer: string): boolean {
    return this.#layers.has(layer)
  }

  /** 8.1's case of the same id; undefined when it has none. */
  find(layer: string, id: string): AnyCase | undefined {
    const crossed = /^(.+)->[^/]+\/(.+)$/.exec(id)
    if (layer === 'app')
      return this.#newest.get(`app ${id.replace(/rails-[^/]+/, `rails-${NEWEST}`)}`) ?? this.#newest.get(nameOf(id))
    // 3.2 and 4.0 have no setting to name, since they have Marshal only.
    if (layer !== 'cross' || crossed === null)
      return this.#newest.get(`${layer} ${id.replace('/marshal_only/', '/marshal/')}`)
    const [, writer = '', rest = ''] = crossed
    // What 8.1 wrote, it has read in its own file.
    return this.#newest.get(writer === NEWEST ? `cookies ${rest}` : `cross ${writer}->${NEWEST}/${rest}`)
  }

  /**
   * 8.1's case in which a cookie was damaged in the same way, under the scheme that this session cookie has: older
   * sessions are not AES-GCM, and so have damages that no session of 8.1 has.
   */
  findSameDamage(layer: string, vector: CookieCase, scheme: string): CookieCase | undefined {
    const damage = /^tamper\/[^/]+\/(.+)$/.exec(vector.id)?.[1]
    if (vector.tamper !== true || damage === undefined) return undefined
    return this.find(layer, `tamper/${scheme}/${damage}`) as CookieCase | undefined
  }

  /** The case of that id as other versions have it. */
  others(layer: string, vector: AnyCase): readonly AnyCase[] {
    return this.#all.get(`${layer} ${vector.id}`)?.filter((other) => other !== vector) ?? []
  }
}

/** A cookie of an application, whatever the defaults that it was started with. */
function nameOf(id: string): string {
  return `app of any defaults/${id.slice(id.lastIndexOf('/') + 1)}`
}

/** Marshal was recorded by Rubies, the newest of which is the one that 8.1 was recorded on. */
function isNewest({ layer, rails, ruby }: VectorFile): boolean {
  return layer === 'marshal' ? ruby.startsWith('3.3.') : rails === NEWEST
}

const NEWEST = '8.1'
