import { useEffect, useState } from 'react'
import { announcement, type Said } from '../../store/announce'
import { useApp } from './app-context'

/** Announces events to screen readers, at the rate of store/announce.ts. */
export function Announcer() {
  const { run } = useApp()
  const [text, setText] = useState('')
  useEffect(() => {
    let said: Said = saidNow(performance.now())
    function saidNow(at: number): Said {
      const { run: id, now, log, playing } = run.getState()
      return { run: id, now, past: log.past, at, playing }
    }
    return run.subscribe((state) => {
      const at = performance.now()
      const words = announcement(said, state, at)
      if (words !== null) setText(words)
      if (words !== null || state.run !== said.run || state.log.past < said.past) said = saidNow(at)
      else said = { ...said, playing: state.playing, ...(state.playing ? {} : { now: state.now }) }
    })
  }, [run])
  return (
    <p className="sr-only" role="status">
      {text}
    </p>
  )
}
