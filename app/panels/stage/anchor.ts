/**
 * The attributes that open a menu at an element. The element takes the focus, and a screen reader
 * says its state. menus/listen.ts reads `menu`.
 */
export function anchor(menu: string, label: string) {
  return { role: 'group', tabIndex: 0, 'data-menu': menu, 'aria-label': label } as const
}
