// Every element of the page is made here, so no text of a stranger reaches the document with a
// character that hides or reorders its neighbours. What a person writes (the value of a field)
// stays as it is, and so does what is copied: neither is the text of an element.

import type { ElementType, Key, ReactElement } from 'react'
import { jsx as element, jsxs as elements, Fragment } from 'react/jsx-runtime'
import { withoutHidden } from './without-hidden'

export type { JSX } from 'react/jsx-runtime'
export { Fragment }

export function jsx(type: ElementType, props: Record<string, unknown>, key?: Key): ReactElement {
  return element(type, withoutHidden(type, props), key)
}

export function jsxs(type: ElementType, props: Record<string, unknown>, key?: Key): ReactElement {
  return elements(type, withoutHidden(type, props), key)
}
