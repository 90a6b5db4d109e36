import { describe, expect, it } from 'vitest'
import { UnserializableValueError } from '../../../../src/errors.ts'
import { valueOfTree } from '../../../../src/ruby/from-typed.ts'
import { makeObject } from '../../../../src/ruby/object.ts'
import type { TypedTree } from '../../../../src/ruby/typed.ts'
import { readJsonTyped } from '../../../../src/serializers/json/reader.ts'
import { writeJson } from '../../../../src/serializers/json/writer.ts'
import { vectorsOf } from '../../../support/vectors.ts'

interface EncodeCase {
  readonly id: string
  readonly config: { escape_html_entities_in_json?: boolean; escape_js_separators_in_json?: boolean }
  readonly input_typed: TypedTree
  /** What Rails wrote; not there if it raised. */
  readonly json?: string
  readonly expected: { readonly accepted: boolean; readonly typed?: TypedTree }
}

/** Rails 3.2 to 4.1 escape other characters, and write other values, in other ways; nothing here writes so. */
const files = vectorsOf('json').filter(({ rails }) => !['3.2', '4.0', '4.1'].includes(rails))

describe.each(files)('JSON of Rails $label', ({ rails, cases }) => {
  const encoded = cases as readonly EncodeCase[]
  const write = ({ input_typed: tree, config }: EncodeCase): string =>
    writeJson(
      valueOfTree(tree, (fields) => makeObject(fields, null)),
      {
        escapeHtmlEntities: config.escape_html_entities_in_json ?? true,
        escapeJsSeparators: config.escape_js_separators_in_json ?? true,
        dialect: 'active_support',
        railsVersion: rails,
      },
    )
  // The tree of an Enumerator does not tell what it enumerates.
  const written = encoded.filter(({ id, json }) => json !== undefined && id !== 'encode/default/enum')
  const refused = encoded.filter(({ expected }) => !expected.accepted)

  it.each(written.map((each) => [each.id, each] as const))('writes %s', (_, each) => {
    expect(write(each)).toBe(each.json!)
  })

  it.runIf(refused.length > 0).each(refused.map((each) => [each.id, each] as const))('refuses %s', (_, each) => {
    expect(() => write(each)).toThrow(UnserializableValueError)
  })

  it('reads what was written', () => {
    for (const { id, json, expected } of encoded) {
      const read = json === undefined ? undefined : readJsonTyped(json)
      expect([id, read]).toEqual([id, json === undefined ? undefined : { ok: true, value: expected.typed }])
    }
    expect(written.length + refused.length).toBeGreaterThan(40)
  })
})

describe('the recorded JSON', () => {
  it('is there', () => {
    expect(files).toHaveLength(14)
  })
})
