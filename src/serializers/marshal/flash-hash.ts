import { makeObject, type RubyObject } from '../../ruby/object.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import { symbolNode } from './encoding-variables.ts'
import { instanceNode } from './node.ts'
import { NodeBuilder } from './nodes.ts'
import { MarshalOrigin } from './origin.ts'

/** The class of the flash, which Rails 3.2 puts into sessions as it is. */
export const FLASH_HASH = 'ActionDispatch::Flash::FlashHash'

/**
 * The flash of Rails 3.2, which has its messages under Symbols. Nobody can name a class for Ruby to create but by reading an
 * object of it; this is the one object that sessions of that version cannot do without.
 *
 * Throws an `UnserializableValueError` for a message that Marshal cannot write.
 */
export function flashHash(flashes: ReadonlyMap<string, unknown>): RubyObject {
  const builder = new NodeBuilder({ railsVersion: '3.2', trusting: false })
  const node = instanceNode(symbolNode(FLASH_HASH))
  const fields: ReadonlyArray<readonly [name: string, value: unknown]> = [
    ['@used', new Set()],
    ['@closed', false],
    ['@flashes', new Map([...flashes].map(([key, value]) => [new RubySymbol(key), value]))],
    ['@now', null],
  ]
  for (const [name, value] of fields) node.variables.push([symbolNode(name), builder.build(value, 'flash')])
  return makeObject({ kind: 'object', className: FLASH_HASH, fields }, new MarshalOrigin(node, true))
}
