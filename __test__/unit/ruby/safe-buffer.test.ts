import { describe, expect, it } from 'vitest'
import { RubySafeBuffer } from '../../../src/ruby/safe-buffer.ts'
import { RubyString } from '../../../src/ruby/string.ts'

describe('RubySafeBuffer', () => {
  it('is text that is safe unless it is told otherwise', () => {
    const buffer = new RubySafeBuffer('<b>')
    expect([buffer.htmlSafe, `${buffer}`, JSON.stringify([buffer])]).toEqual([true, '<b>', '["<b>"]'])
    expect(new RubySafeBuffer('a', false).htmlSafe).toBe(false)
    expect(new RubySafeBuffer(RubyString.fromBinary('\u00e9', 'ISO-8859-1')).toString()).toBe('é')
  })
})
