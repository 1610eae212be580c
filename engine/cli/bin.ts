#!/usr/bin/env node
// The program `leasescope`: main.ts with the arguments and the streams of this process.

import { main } from './main'

const to = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text)
process.exitCode = main(process.argv.slice(2), to(process.stdout), to(process.stderr))
