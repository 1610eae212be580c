// The icons of the page, drawn in the colour of the text. `size` is the grid of an icon.

import type { ReactNode } from 'react'

const shapes = {
  back: {
    size: 20,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M9.5 5v10l-7-5z" />
        <path d="M13.5 5v10" strokeWidth="2.2" />
      </>
    ),
  },
  branch: {
    size: 20,
    shape: (
      <>
        <circle cx="6" cy="4.5" r="1.8" />
        <circle cx="6" cy="15.5" r="1.8" />
        <circle cx="14" cy="7" r="1.8" />
        <path d="M6 6.3v7.4M14 8.8c0 3-8 2-8 4.9" />
      </>
    ),
  },
  bulb: {
    size: 20,
    shape: (
      <>
        <path d="M7.5 13.5a5 5 0 1 1 5 0V15h-5zM8.5 17.5h3" />
      </>
    ),
  },
  check: {
    size: 16,
    shape: (
      <>
        <path d="m3.5 8.5 3 3 6-7" strokeWidth="1.8" />
      </>
    ),
  },
  chevron: {
    size: 16,
    shape: (
      <>
        <path d="M4.5 6.5 8 10l3.5-3.5" />
      </>
    ),
  },
  'chevron-up': {
    size: 16,
    shape: (
      <>
        <path d="M4.5 9.5 8 6l3.5 3.5" />
      </>
    ),
  },
  clock: {
    size: 20,
    shape: (
      <>
        <circle cx="10" cy="10" r="7" />
        <path d="M10 6v4l2.8 1.7" />
      </>
    ),
  },
  close: {
    size: 20,
    shape: (
      <>
        <path d="m5.5 5.5 9 9m0-9-9 9" />
      </>
    ),
  },
  compare: {
    size: 20,
    shape: (
      <>
        <path d="M3 10h4.5L11 5.5h6M7.5 10 11 14.5h6" />
      </>
    ),
  },
  console: {
    size: 20,
    shape: (
      <>
        <path d="m4 6 4 4-4 4M10 15h6" />
      </>
    ),
  },
  copy: {
    size: 20,
    shape: (
      <>
        <rect x="7" y="7" width="9" height="9" rx="2" />
        <path d="M13 4.5H6A1.5 1.5 0 0 0 4.5 6v7" />
      </>
    ),
  },
  crown: {
    size: 16,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M2 12.5V5l3.2 2.6L8 3.2l2.8 4.4L14 5v7.5z" />
      </>
    ),
  },
  cut: {
    size: 20,
    shape: (
      <>
        <path d="M3 10h3.5M13.5 10H17M8.5 5v10M11.5 5v10" />
      </>
    ),
  },
  disk: {
    size: 20,
    shape: (
      <>
        <rect x="4" y="4" width="12" height="12" rx="2" />
        <circle cx="10" cy="10" r="2.5" />
      </>
    ),
  },
  down: {
    size: 16,
    shape: (
      <>
        <path d="m4 4 8 8m0-8-8 8" strokeWidth="2" />
      </>
    ),
  },
  end: {
    size: 20,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M4.5 4.5v11l8-5.5z" />
        <path d="M15 4.5v11" />
      </>
    ),
  },
  flag: {
    size: 16,
    shape: (
      <>
        <path d="M4 14V2.5h8.5L10 5.5l2.5 3H4" fill="currentColor" />
      </>
    ),
  },
  fork: {
    size: 20,
    shape: (
      <>
        <path d="M3 10h5c3 0 3.5-5 8-5M8 10c3 0 3.5 5 8 5" />
      </>
    ),
  },
  forward: {
    size: 20,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M10.5 5v10l7-5z" />
        <path d="M6.5 5v10" strokeWidth="2.2" />
      </>
    ),
  },
  heart: {
    size: 16,
    shape: (
      <>
        <path d="M8 13.2 3 8.1a3 3 0 0 1 4.3-4.3l.7.7.7-.7A3 3 0 0 1 13 8.1z" />
      </>
    ),
  },
  'heart-off': {
    size: 16,
    shape: (
      <>
        <path d="M8 13.2 3 8.1a3 3 0 0 1 4.3-4.3l.7.7.7-.7A3 3 0 0 1 13 8.1z" />
        <path d="m2 14 12-12" />
      </>
    ),
  },
  hex: {
    size: 16,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M8 1.5 13.8 4.8v6.4L8 14.5 2.2 11.2V4.8z" />
      </>
    ),
  },
  inside: {
    size: 16,
    shape: (
      <>
        <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" />
        <rect x="5.5" y="5.5" width="5" height="5" fill="currentColor" stroke="none" />
      </>
    ),
  },
  key: {
    size: 20,
    shape: (
      <>
        <circle cx="6.5" cy="13" r="3.2" />
        <path d="m9 10.7 7-7m-2.6 2.6 2.2 2.2" />
      </>
    ),
  },
  lock: {
    size: 20,
    shape: (
      <>
        <rect x="4.5" y="9" width="11" height="7.5" rx="2" />
        <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
      </>
    ),
  },
  log: {
    size: 20,
    shape: (
      <>
        <path d="M7.5 5h9M7.5 10h9M7.5 15h9" />
        <g fill="currentColor" stroke="none">
          <circle cx="4" cy="5" r="1.2" />
          <circle cx="4" cy="10" r="1.2" />
          <circle cx="4" cy="15" r="1.2" />
        </g>
      </>
    ),
  },
  many: {
    size: 20,
    shape: (
      <>
        <g fill="currentColor" stroke="none">
          <rect x="4" y="4" width="3" height="3" />
          <rect x="8.5" y="4" width="3" height="3" />
          <rect x="13" y="4" width="3" height="3" />
          <rect x="4" y="8.5" width="3" height="3" />
          <rect x="8.5" y="8.5" width="3" height="3" />
          <rect x="13" y="8.5" width="3" height="3" />
          <rect x="4" y="13" width="3" height="3" />
          <rect x="8.5" y="13" width="3" height="3" />
        </g>
      </>
    ),
  },
  more: {
    size: 20,
    shape: (
      <>
        <g fill="currentColor" stroke="none">
          <circle cx="4.5" cy="10" r="1.5" />
          <circle cx="10" cy="10" r="1.5" />
          <circle cx="15.5" cy="10" r="1.5" />
        </g>
      </>
    ),
  },
  move: {
    size: 20,
    shape: (
      <>
        <path d="M4 10h11m-4-4 4 4-4 4" />
      </>
    ),
  },
  open: {
    size: 20,
    shape: (
      <>
        <path d="M11 4h5v5M16 4l-7 7M13.5 11.5V16H4V6.5h4.5" />
      </>
    ),
  },
  pause: {
    size: 20,
    shape: (
      <>
        <path d="M7 5v10M13 5v10" strokeWidth="2.6" />
      </>
    ),
  },
  play: {
    size: 20,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M6 3.8v12.4l10-6.2z" />
      </>
    ),
  },
  plus: {
    size: 20,
    shape: (
      <>
        <path d="M10 4.5v11M4.5 10h11" />
      </>
    ),
  },
  program: {
    size: 20,
    shape: (
      <>
        <path d="m7 5.5-4 4.5 4 4.5m6-9 4 4.5-4 4.5" />
      </>
    ),
  },
  redo: {
    size: 20,
    shape: (
      <>
        <path d="M16 8H8a4.5 4.5 0 0 0 0 9h4M16 8l-4-4M16 8l-4 4" />
      </>
    ),
  },
  replay: {
    size: 20,
    shape: (
      <>
        <path d="M4.5 8.5A6 6 0 1 1 4.3 12M4 4.5v4.2h4.2" />
      </>
    ),
  },
  search: {
    size: 20,
    shape: (
      <>
        <circle cx="9" cy="9" r="5" />
        <path d="m13 13 4 4" />
      </>
    ),
  },
  start: {
    size: 20,
    shape: (
      <>
        <path fill="currentColor" stroke="none" d="M15.5 4.5v11l-8-5.5z" />
        <path d="M5 4.5v11" />
      </>
    ),
  },
  stop: {
    size: 20,
    shape: (
      <>
        <rect x="5.5" y="5.5" width="9" height="9" rx="1" />
      </>
    ),
  },
  storage: {
    size: 20,
    shape: (
      <>
        <ellipse cx="10" cy="5" rx="6" ry="2.3" />
        <path d="M4 5v10c0 1.3 2.7 2.3 6 2.3s6-1 6-2.3V5M4 10c0 1.3 2.7 2.3 6 2.3s6-1 6-2.3" />
      </>
    ),
  },
  undo: {
    size: 20,
    shape: (
      <>
        <path d="M4 8h8a4.5 4.5 0 0 1 0 9H8M4 8l4-4M4 8l4 4" />
      </>
    ),
  },
  why: {
    size: 20,
    shape: (
      <>
        <circle cx="10" cy="10" r="7" />
        <path d="M8 8a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4" />
        <circle fill="currentColor" stroke="none" cx="10" cy="13.6" r="1" />
      </>
    ),
  },
} satisfies Record<string, { size: number; shape: ReactNode }>

export type IconName = keyof typeof shapes

/** An icon of 20 px, or of 16 px if `small`. The icon is decoration: its control has the name. */
export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  const { size, shape } = shapes[name]
  return (
    <svg
      className={small ? 'icon icon-small' : 'icon'}
      viewBox={`0 0 ${size} ${size}`}
      aria-hidden="true"
      focusable="false"
    >
      {shape}
    </svg>
  )
}
