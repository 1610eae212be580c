// Hand-made, on a 16-pixel grid, drawn in the colour of the text.

import type { ReactNode } from 'react'

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} fill="currentColor" aria-hidden="true" focusable="false">
      {children}
    </svg>
  )
}

export const PlayIcon = () => (
  <Icon>
    <path d="M4 2.5v11l9.5-5.5z" />
  </Icon>
)
export const PauseIcon = () => (
  <Icon>
    <path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" />
  </Icon>
)
export const NextIcon = () => (
  <Icon>
    <path d="M3 3v10l7-5zM11 3h2v10h-2z" />
  </Icon>
)
export const PreviousIcon = () => (
  <Icon>
    <path d="M13 3v10L6 8zM3 3h2v10H3z" />
  </Icon>
)
export const StartIcon = () => (
  <Icon>
    <path d="M14 3v10L9 8zM8.5 3v10l-5-5zM2 3h1.5v10H2z" />
  </Icon>
)
export const EndIcon = () => (
  <Icon>
    <path d="M2 3v10l5-5zM7.5 3v10l5-5zM12.5 3H14v10h-1.5z" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <path
      fillRule="evenodd"
      d="M5.5 1h7A1.5 1.5 0 0 1 14 2.5v8a1.5 1.5 0 0 1-1.5 1.5H11v1.5A1.5 1.5 0 0 1 9.5 15h-6A1.5 1.5 0 0 1 2 13.5v-8A1.5 1.5 0 0 1 3.5 4H4V2.5A1.5 1.5 0 0 1 5.5 1zM4 5.4h-.5v8h6V12h-4A1.5 1.5 0 0 1 4 10.5zm1.5-3v8h7v-8z"
    />
  </Icon>
)
export const CrownIcon = () => (
  <Icon>
    <path d="M2 12.5 1 4.8l3.8 3L8 3l3.2 4.8 3.8-3-1 7.7z" />
  </Icon>
)
export const CloseIcon = () => (
  <Icon>
    <path d="M3.6 2.5 8 6.9l4.4-4.4 1.1 1.1L9.1 8l4.4 4.4-1.1 1.1L8 9.1l-4.4 4.4-1.1-1.1L6.9 8 2.5 3.6z" />
  </Icon>
)
export const HeartIcon = ({ on }: { on: boolean }) => (
  <Icon>
    {on ? (
      <path d="M8 14 2.3 8.2a3.6 3.6 0 0 1 5-5.1L8 3.8l.7-.7a3.6 3.6 0 0 1 5 5.1z" />
    ) : (
      <path
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.2 1.6"
        d="M8 13.2 2.8 7.8a2.9 2.9 0 0 1 4.1-4.2L8 4.7l1.1-1.1a2.9 2.9 0 0 1 4.1 4.2z"
      />
    )}
  </Icon>
)
export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="3.2" />
    <path d="M7.3 1h1.4v2.4H7.3zM7.3 12.6h1.4V15H7.3zM1 7.3h2.4v1.4H1zM12.6 7.3H15v1.4h-2.4zM2.6 3.6l1-1 1.7 1.7-1 1zM10.7 11.7l1-1 1.7 1.7-1 1zM3.6 13.4l-1-1 1.7-1.7 1 1zM11.7 5.3l-1-1 1.7-1.7 1 1z" />
  </Icon>
)
export const MoonIcon = () => (
  <Icon>
    <path d="M6.2 1.6a6.5 6.5 0 1 0 8.2 8.2A5.6 5.6 0 0 1 6.2 1.6z" />
  </Icon>
)
export const SystemIcon = () => (
  <Icon>
    <path fillRule="evenodd" d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 3a5 5 0 0 1 0 10z" />
  </Icon>
)
export const BoltIcon = () => (
  <Icon>
    <path d="M9.6.8 3 9.2h4.1L5.9 15.2l7-8.8H8.6z" />
  </Icon>
)
export const CandidateIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.9 2.1" />
  </Icon>
)
export const PauseSign = () => (
  <Icon>
    <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />
  </Icon>
)
export const BranchIcon = () => (
  <Icon>
    <path d="M4.2 2h1.6v5.2l3.9-2.5V3.2a1.7 1.7 0 1 1 1.6 0v2.4L5.8 9.1V14H4.2z" />
  </Icon>
)
