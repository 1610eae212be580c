#!/usr/bin/env node
// Starts the Firefox of FIREFOX for Playwright. Playwright 1.65 sends
// `emulation.setMediaFeaturesOverride` for every new context. Firefox ESR 153 does not know this
// command, so no context opens. The launcher puts a relay between the two. The relay passes all
// bytes on. It turns the refusal of this one command into an empty result: the emulated media stay
// the system's.

import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const COMMAND = 'emulation.setMediaFeaturesOverride'
const LISTENING = /WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/

const firefox = spawn(process.env.FIREFOX || 'firefox', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
})
firefox.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
firefox.on('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => firefox.kill())

createInterface(firefox.stderr).on('line', async (line) => {
  const port = LISTENING.exec(line)?.[1]
  console.error(port === undefined ? line : line.replace(port, String(await relay(Number(port)))))
})

/**
 * Listens on a port beside Firefox's own port.
 * @param {number} port
 * @returns {Promise<number>} the port to connect to
 */
function relay(port) {
  const server = createServer((client) => {
    const browser = connect(port, '127.0.0.1')
    // Firefox refuses a handshake that names a different port.
    client.once('data', (handshake) => {
      browser.write(
        handshake.toString('latin1').replace(/^(Host: 127\.0\.0\.1):\d+/im, `$1:${port}`),
        'latin1',
      )
      client.pipe(browser)
    })
    const frames = frameReader((frame) => client.write(frame))
    browser.on('data', frames)
    for (const [one, other] of [
      [client, browser],
      [browser, client],
    ]) {
      one?.on('close', () => other?.destroy())
      one?.on('error', () => other?.destroy())
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the relay has no port')
      resolve(address.port)
    })
  })
}

/**
 * Cuts the browser's bytes into the handshake and whole frames.
 * @param {(frame: Buffer) => void} emit
 */
function frameReader(emit) {
  let rest = Buffer.alloc(0)
  let shookHands = false
  /** @param {Buffer} data */
  return (data) => {
    rest = Buffer.concat([rest, data])
    for (let size = wholeSize(); size > 0 && size <= rest.length; size = wholeSize()) {
      const frame = rest.subarray(0, size)
      rest = rest.subarray(size)
      emit(shookHands ? forgive(frame) : frame)
      shookHands = true
    }
  }
  /** The size of the next piece in bytes, 0 while its header is incomplete. */
  function wholeSize() {
    if (!shookHands) return rest.indexOf('\r\n\r\n') + 4 > 3 ? rest.indexOf('\r\n\r\n') + 4 : 0
    if (rest.length < 2) return 0
    const size = headerSize(rest)
    if (rest.length < size) return 0
    const short = rest.readUInt8(1) & 127
    return (
      size +
      (short === 126
        ? rest.readUInt16BE(2)
        : short === 127
          ? Number(rest.readBigUInt64BE(2))
          : short)
    )
  }
}

/** Servers do not mask, so a header is 2, 4 or 10 bytes. @param {Buffer} frame */
function headerSize(frame) {
  const short = frame.readUInt8(1) & 127
  return short === 126 ? 4 : short === 127 ? 10 : 2
}

/**
 * The refusal of the command as an empty result. Other frames are unchanged.
 * @param {Buffer} frame
 */
function forgive(frame) {
  const isText = frame.readUInt8(0) === 0x81
  if (
    !isText ||
    frame.length > 10_000 ||
    !frame.includes('unknown command') ||
    !frame.includes(COMMAND)
  )
    return frame
  const message = JSON.parse(frame.subarray(headerSize(frame)).toString())
  if (message.type !== 'error' || message.error !== 'unknown command') return frame
  const text = Buffer.from(JSON.stringify({ type: 'success', id: message.id, result: {} }))
  return Buffer.concat([Buffer.from([0x81, text.length]), text])
}
