import type { Bytes } from './rpc'

/**
 * SHA-1 as 40 hex digits. etcd makes member and cluster IDs from the first eight bytes. Not for
 * secrets.
 */
export function sha1(bytes: Bytes): string {
  const words = padded(bytes)
  const w = new Int32Array(80)
  let h0 = 0x67452301
  let h1 = 0xefcdab89 | 0
  let h2 = 0x98badcfe | 0
  let h3 = 0x10325476
  let h4 = 0xc3d2e1f0 | 0
  for (let block = 0; block < words.length; block += 16) {
    for (let i = 0; i < 16; i++) w[i] = words[block + i]!
    for (let i = 16; i < 80; i++) w[i] = rotated(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4]
    for (let i = 0; i < 80; i++) {
      const next = (rotated(a, 5) + round(i, b, c, d) + e + w[i]!) | 0
      e = d
      d = c
      c = rotated(b, 30)
      b = a
      a = next
    }
    h0 = (h0 + a) | 0
    h1 = (h1 + b) | 0
    h2 = (h2 + c) | 0
    h3 = (h3 + d) | 0
    h4 = (h4 + e) | 0
  }
  return [h0, h1, h2, h3, h4].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The message in 32-bit words, followed by a one bit, zeros, and its length in bits. */
function padded(bytes: Bytes): Int32Array {
  const words = new Int32Array(16 * Math.ceil((bytes.length + 9) / 64))
  for (let i = 0; i < bytes.length; i++) words[i >> 2]! |= bytes.charCodeAt(i) << (24 - 8 * (i & 3))
  words[bytes.length >> 2]! |= 0x80 << (24 - 8 * (bytes.length & 3))
  words[words.length - 2] = Math.floor(bytes.length / 0x2000_0000)
  words[words.length - 1] = bytes.length << 3
  return words
}

function round(i: number, b: number, c: number, d: number): number {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}

function rotated(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}
