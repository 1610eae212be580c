// The same as jsx-runtime.ts, for the development server.

import type { ElementType, Key, ReactElement } from 'react'
import { jsxDEV as element, Fragment, type JSXSource } from 'react/jsx-dev-runtime'
import { withoutHidden } from './without-hidden'

export type { JSX } from 'react/jsx-dev-runtime'
export { Fragment }

export function jsxDEV(
  type: ElementType,
  props: Record<string, unknown>,
  key: Key | undefined,
  isStatic: boolean,
  source?: JSXSource,
  self?: unknown,
): ReactElement {
  return element(type, withoutHidden(type, props), key, isStatic, source, self)
}
