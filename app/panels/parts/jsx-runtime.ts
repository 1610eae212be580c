// This module creates every element of the page. Text from a stranger therefore reaches the
// document without characters that hide or reorder their neighbours. Input of the user (the value
// of a field) and copied text stay unchanged, because neither is the text of an element.

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
