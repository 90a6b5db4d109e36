import { describe, expect, it } from 'vitest'
import { jsonText, parseMarked, parseVectors } from './key-order.ts'

describe('parseVectors', () => {
  it.each([
    [
      '{"typed":{"b":1,"2":3}}',
      {
        typed: {
          $: 'hash',
          v: [
            ['b', 1],
            ['2', 3],
          ],
        },
      },
    ],
    [
      '{"typed":{"10":1,"9":[{"a":1,"0":2}]}}',
      {
        typed: {
          $: 'hash',
          v: [
            ['10', 1],
            [
              '9',
              [
                {
                  $: 'hash',
                  v: [
                    ['a', 1],
                    ['0', 2],
                  ],
                },
              ],
            ],
          ],
        },
      },
    ],
    // Here an object has them in the same order, and there is nothing to tell.
    ['{"typed":{"2":3,"b":1}}', { typed: { 2: 3, b: 1 } }],
    ['{"input_typed":{"01":1,"-1":2}}', { input_typed: { '01': 1, '-1': 2 } }],
    ['{"typed":{"a\\"1":1,"b":"\\"1\\":"}}', { typed: { 'a"1': 1, b: '"1":' } }],
    // Outside of trees there is no such node.
    ['{"value":{"b":1,"2":3},"id":"1"}', { value: { 2: 3, b: 1 }, id: '1' }],
  ])('of %s', (text, expected) => {
    expect(parseVectors(text)).toEqual(expected)
  })
})

describe('jsonText', () => {
  it.each(['{"b":1,"2":3,"1":{"x":"y","0":[]}}', '{"a\\"1":1,"b":"\\"1\\":"}', '[1,"2",null]'])(
    'gives back every key of %s in its place',
    (text) => {
      expect(jsonText(parseMarked(text))).toBe(text)
    },
  )
})
