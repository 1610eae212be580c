/** The number of items that fit, in a list where all fitting items come first. */
export function countWhile<T>(list: ArrayLike<T>, fits: (item: T) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fits(list[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
