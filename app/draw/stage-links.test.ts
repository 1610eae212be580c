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
