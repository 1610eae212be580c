/**
 * What makes an element the place of a menu: it takes the focus, and a screen reader says its
 * state. `menu` is as menus/listen.ts reads it.
 */
export function anchor(menu: string, label: string) {
  return { role: 'group', tabIndex: 0, 'data-menu': menu, 'aria-label': label } as const
}
