import { expect, test } from 'vitest'
import { pointAt } from './message-path'
import { linksOf } from './stage-links'

const box = (x: number, y: number) => ({ x, y, width: 100, height: 60 })

test('clients are joined with members and the storage, members with each other, both ways', () => {
  const links = linksOf(
    [{ name: 'a', box: box(0, 0) }],
    [
      { name: 'm1', box: box(200, 0) },
      { name: 'm2', box: box(400, 0) },
    ],
    box(600, 0),
  )
  expect([...links.keys()]).toEqual(['a m1', 'a m2', 'a storage', 'm1 m2', 'm2 m1'])
  expect(links.get('m2 m1')).toEqual({ from: { x: 400, y: 30 }, to: { x: 300, y: 30 } })
})

test('a client that is not level with the storage has a wire of its own around the member between them', () => {
  const [a, b] = [
    { x: 24, y: 42, width: 324, height: 117 },
    { x: 24, y: 172, width: 324, height: 117 },
  ]
  const member = { x: 396, y: 102, width: 192, height: 120 }
  const storage = { x: 636, y: 208, width: 284, height: 80 }
  const links = linksOf(
    [
      { name: 'a', box: a },
      { name: 'b', box: b },
    ],
    [{ name: 'm1', box: member }],
    storage,
  )
  const [own, other] = [links.get('a storage')!, links.get('b storage')!]
  expect(other.from.y).toBe(other.to.y)
  for (let share = 0.02; share < 1; share += 0.02) {
    const { x, y } = pointAt(own, share)
    for (const box of [b, member])
      expect(
        x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height,
        `${x} ${y}`,
      ).toBe(false)
  }
  expect(own.to).toEqual({ x: storage.x, y: expect.closeTo(storage.y + 20, 0) })
})

test('a link bends around a member between its ends, towards the middle of the cluster', () => {
  const members = [
    { name: 'm1', box: box(0, 100) },
    { name: 'm3', box: box(300, 0) },
    { name: 'm4', box: box(300, 100) },
    { name: 'm5', box: box(300, 200) },
  ]
  const links = linksOf([], members, null)
  const bent = links.get('m3 m5')!
  expect(pointAt(bent, 0.5).x).toBeLessThan(300)
  expect(links.get('m3 m4')?.bend).toBeUndefined()
  expect(links.get('m1 m5')?.bend).toBeUndefined()
})
