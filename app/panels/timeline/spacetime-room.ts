import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** The size of an element in the diagram's own pixels. */
export interface Room {
  width: number
  height: number
  /**
   * Screen pixels for a pixel of the diagram. Text of 12 diagram pixels is as large as the smallest
   * text of the page.
   */
  unit: number
}

/** The size of text, in the diagram's own pixels. */
const TEXT = 12

/** A ref and the room of its element. The room is null before the first measurement. */
export function useRoom(): [RefObject<HTMLDivElement | null>, Room | null] {
  const box = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<Room | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      const unit =
        (Number.parseFloat(getComputedStyle(element).getPropertyValue('--s1')) || TEXT) / TEXT
      setRoom({ width: Math.floor(width / unit), height: Math.floor(height / unit), unit })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [box, room]
}

/**
 * The width of a text in the diagram's own pixels. A loaded font changes all widths, so the hook
 * then returns a new function.
 */
export function useMeasure(
  box: RefObject<HTMLElement | null>,
): (text: string, bold: boolean) => number {
  const [fonts, setFonts] = useState(0)
  useEffect(() => {
    let gone = false
    void document.fonts.ready.then(() => {
      if (!gone) setFonts(1)
    })
    return () => {
      gone = true
    }
  }, [])
  const known = useRef({
    fonts,
    widths: new Map<string, number>(),
    context: null as CanvasRenderingContext2D | null,
  })
  return useCallback(
    (text, bold) => {
      if (known.current.fonts !== fonts)
        known.current = { ...known.current, fonts, widths: new Map() }
      const { widths } = known.current
      const name = `${bold ? 600 : 400} ${text}`
      const width = widths.get(name)
      if (width !== undefined) return width
      known.current.context ??= document.createElement('canvas').getContext('2d')
      const { context } = known.current
      const family = box.current === null ? 'sans-serif' : getComputedStyle(box.current).fontFamily
      if (context === null) return text.length * TEXT * 0.55
      context.font = `${bold ? 600 : 400} ${TEXT}px ${family}`
      const measured = Math.ceil(context.measureText(text).width)
      widths.set(name, measured)
      return measured
    },
    [box, fonts],
  )
}
