import { describe, expect, test } from 'vitest'
import { enumerate, scripted } from './choice'

describe('scripted', () => {
  test('the script answers in order', () => {
    const choice = scripted([2, 0, 1])
    expect([choice.below(3), choice.below(1), choice.below(2)]).toEqual([2, 0, 1])
  })
  test('the script throws when it runs out', () => {
    const choice = scripted([0])
    choice.below(5)
    expect(() => choice.below(5)).toThrow('has 1 picks, and the run needs one more')
  })
  test.each([[3], [-1], [0.5]])('the script throws for pick %d of 3', (pick) => {
    expect(() => scripted([pick]).below(3)).toThrow('pick 0 of the script')
  })
})

describe('enumerate', () => {
  test('a run without a choice is run once', () => {
    let runs = 0
    expect(enumerate(() => runs++)).toBe(1)
    expect(runs).toBe(1)
  })
  test('every combination is run once, depth first', () => {
    const seen: string[] = []
    expect(
      enumerate((choice) => seen.push(`${choice.below(2)}${choice.below(1)}${choice.below(3)}`)),
    ).toBe(6)
    expect(seen).toEqual(['000', '001', '002', '100', '101', '102'])
  })
  test('later choices may depend on earlier ones', () => {
    const seen: string[] = []
    const count = enumerate((choice) => {
      const first = choice.below(3)
      seen.push(first === 1 ? `1${choice.below(2)}${choice.below(2)}` : `${first}`)
    })
    expect(seen).toEqual(['0', '100', '101', '110', '111', '2'])
    expect(count).toBe(6)
  })
  test('every order of five things is found', () => {
    const orders = new Set<string>()
    const count = enumerate((choice) => {
      const left = [...'abcde']
      let order = ''
      while (left.length > 0) order += left.splice(choice.below(left.length), 1).join('')
      orders.add(order)
    })
    expect([count, orders.size]).toEqual([120, 120])
  })
  test('enumerate throws when a run chooses differently than before', () => {
    let runs = 0
    expect(() => enumerate((choice) => choice.below(2 + runs++))).toThrow('not repeatable')
    let again = 0
    expect(() => enumerate((choice) => (again++ === 0 ? choice.below(2) : undefined))).toThrow(
      'not repeatable',
    )
    expect(() => enumerate((choice) => choice.below(0))).toThrow('cannot choose below 0')
  })
})
