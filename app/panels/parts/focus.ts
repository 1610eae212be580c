/** Once the panel that holds it is shown: the cursor goes to the end of the console's input. */
export function focusConsole(): void {
  requestAnimationFrame(() => {
    const input = document.getElementById('console-input')
    if (!(input instanceof HTMLTextAreaElement)) return
    input.focus()
    input.setSelectionRange(input.value.length, input.value.length)
  })
}

/**
 * The page moves the focus by itself only where its reader is: one that is embedded takes it from
 * nothing.
 */
export function mayMoveFocus(embedded: boolean): boolean {
  return !embedded || document.hasFocus()
}
