// Lines of recorded transcripts that the console answers differently, each with its reason. An
// unused entry fails the test.

import type { EtcdVersion } from '../base/etcd-versions'

export interface Exception {
  /** The transcript, and the line as recorded. */
  name: string
  line: string
  /** The versions whose recording differs; all by default. */
  in?: readonly EtcdVersion[]
  why: string
}

const SHELL =
  'the console runs no other programs than echo, printf, sleep, true and false under a lock or a watch'
const FIGURES = `the revisions follow from lines before it: ${SHELL}`
const HASHES =
  "the hash is of the bytes in etcd's database, which a compaction leaves behind in part; they are not kept"
const FILES = 'the console has no files'
const RACE =
  'the answer to the progress request races the end of the input; 3.4 and 3.7 printed nothing'
const STORAGE =
  'recorded in the first seconds of the cluster, before its members had raised the storage version; a run starts later'

const of = (
  name: string,
  why: string,
  lines: readonly string[],
  versions?: readonly EtcdVersion[],
): Exception[] =>
  lines.map((line) => ({ name, line, why, ...(versions === undefined ? {} : { in: versions }) }))

export const EXCEPTIONS: readonly Exception[] = [
  ...of('endpoint', HASHES, [
    'etcdctl endpoint hashkv',
    'etcdctl endpoint hashkv -w table',
    'etcdctl endpoint hashkv -w json',
    'etcdctl endpoint hashkv -w fields',
  ]),
  ...of('misc', FILES, ['etcdctl migrate'], ['3.4']),
  ...of('lock-elect-more', SHELL, [
    'etcdctl lock r no-such-program',
    "etcdctl lock r -- sh -c 'echo $ETCD_LOCK_KEY | cut -c1-2; echo $ETCD_LOCK_REV'",
  ]),
  ...of('lock-elect-more', FIGURES, ['etcdctl lock a -w json &', 'etcdctl elect -l e -w json &']),
  ...of('lock-released', SHELL, [
    "etcdctl lock r -- sh -c 'etcdctl del --prefix r/'",
    "etcdctl lock r -- sh -c 'exit 7'",
    "etcdctl lock r -- sh -c 'echo out; echo err >&2; exit 3'",
    "etcdctl lock r --ttl=2 -- sh -c 'etcdctl lease list | head -1'",
  ]),
  ...of('lock-released', FIGURES, ['etcdctl lease list']),
  ...of('watch-more', SHELL, [
    "etcdctl watch a -- sh -c 'echo $ETCD_WATCH_EVENT_TYPE $ETCD_WATCH_KEY $ETCD_WATCH_VALUE $ETCD_WATCH_REVISION' &",
  ]),
  ...of(
    'endpoint',
    STORAGE,
    [
      'etcdctl endpoint status',
      'etcdctl endpoint status -w table',
      'etcdctl endpoint status -w json',
      'etcdctl endpoint status -w fields',
    ],
    ['3.7'],
  ),
  ...of('watch-more', RACE, ['etcdctl watch -i'], ['3.5', '3.6']),
]
