/**
 * The IDs of the two hatches: red if a client acts without a lease, grey while no primary counts.
 */
export const FAULT_HATCH = 'stage-hatch-fault'
export const QUIET_HATCH = 'stage-hatch-quiet'

/** The hatches of the stage. The page has one copy. */
export function Patterns() {
  return (
    <svg className="stage-patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id={FAULT_HATCH}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect className="hatch-fault-ground" width="6" height="6" />
          <rect className="hatch-fault-line" width="1.8" height="6" />
        </pattern>
        <pattern
          id={QUIET_HATCH}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect className="hatch-quiet-line" width="1.2" height="5" />
        </pattern>
      </defs>
    </svg>
  )
}
