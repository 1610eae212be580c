// The console prints what each version's etcdctl printed on a terminal: every transcript is played
// on virtual time and compared line by line.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { EXCEPTIONS } from './transcript-exceptions'
import type { Transcript } from './transcripts'
import { comparable, played } from './transcripts'

const FOLDER = join(import.meta.dirname, 'recordings/etcdctl')

describe.each(ETCD_VERSIONS)('etcdctl %s', (version) => {
  const files = readdirSync(join(FOLDER, version)).filter((name) => name.endsWith('.json'))
  describe.each(files)('%s', (file) => {
    const transcript = JSON.parse(readFileSync(join(FOLDER, version, file), 'utf8')) as Transcript
    const { commands } = transcript
    const { ours, theirs } = comparable(played(transcript), commands)
    const excepted = exceptionsOf(version, file.slice(0, -'.json'.length))

    test.each(
      commands
        .map(({ line }, i) => [i, line] as const)
        .filter(([, line]) => !excepted.includes(line)),
    )('%i: %s', (i) => {
      expect(ours[i]).toEqual(theirs[i])
    })
    test.each(excepted)('differs as the table of exceptions says: %s', (line) => {
      const places = commands.flatMap((command, i) => (command.line === line ? [i] : []))
      expect(places, 'the recording has no such line').not.toEqual([])
      expect(
        places.map((i) => ours[i]),
        'the exception is not needed',
      ).not.toEqual(places.map((i) => theirs[i]))
    })
  })
})

function exceptionsOf(version: EtcdVersion, name: string): string[] {
  return EXCEPTIONS.filter(
    (each) => each.name === name && (each.in ?? ETCD_VERSIONS).includes(version),
  ).map(({ line }) => line)
}
