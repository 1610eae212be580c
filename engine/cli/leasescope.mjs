#!/usr/bin/env node
// Registers tsx, so that Node reads the sources as they are, and hands over.

import { register } from 'tsx/esm/api'

// npm runs scripts in the project's folder; files are named from where the person stands.
if (process.env.npm_lifecycle_event === 'leasescope' && process.env.INIT_CWD)
  process.chdir(process.env.INIT_CWD)

register()
const { main } = await import(new URL('main.ts', import.meta.url).href)
/** @type {(stream: NodeJS.WriteStream) => (text: string) => void} */
const to = (stream) => (text) => void stream.write(text)
process.exitCode = main(process.argv.slice(2), to(process.stdout), to(process.stderr))
