// The words of a console line, once their variables have values.

import type { Bytes } from '../base/rpc'
import type { Word } from './words'

/** Returns the value of a variable; undefined for an unset one. */
export type Lookup = (name: string) => Bytes | undefined

/** Expands a word: variables are replaced, and an unquoted one is split at its blanks. */
export function expandWord(word: Word, lookup: Lookup): Bytes[] {
  const fields: Bytes[] = []
  let field: Bytes | null = null
  for (const part of word) {
    if (part.type === 'text') {
      field = (field ?? '') + part.bytes
      continue
    }
    const value = lookup(part.name) ?? ''
    if (part.quoted) {
      field = (field ?? '') + value
      continue
    }
    const pieces = value.split(/[ \t\n]+/)
    pieces.forEach((piece, i) => {
      if (i > 0 && field !== null) {
        fields.push(field)
        field = null
      }
      if (piece !== '') field = (field ?? '') + piece
    })
  }
  if (field !== null) fields.push(field)
  return fields
}

/**
 * A word as one text, without splitting: for the value of an assignment and for a here-document.
 */
export function expandText(word: Word, lookup: Lookup): Bytes {
  return word
    .map((part) => (part.type === 'text' ? part.bytes : (lookup(part.name) ?? '')))
    .join('')
}
