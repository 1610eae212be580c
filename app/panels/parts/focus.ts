/** Puts the cursor at the end of the console's input, in the frame after the panel appears. */
export function focusConsole(): void {
  requestAnimationFrame(() => {
    const input = document.getElementById('console-input')
    if (!(input instanceof HTMLTextAreaElement)) return
    input.focus()
    input.setSelectionRange(input.value.length, input.value.length)
  })
}

/**
 * Whether the page may move the focus by itself. An embedded page does not take the focus from the
 * page around it.
 */
export function mayMoveFocus(embedded: boolean): boolean {
  return !embedded || document.hasFocus()
}
