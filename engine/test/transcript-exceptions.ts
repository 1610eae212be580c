// Lines of recorded transcripts that the console answers otherwise, each with its reason. An entry that is not needed fails the test.

import type { EtcdVersion } from '../base/etcd-versions'

export interface Exception {
  /** The transcript, and the line as recorded. */
  name: string
  line: string
  /** The versions whose recording differs; all where absent. */
  in?: readonly EtcdVersion[]
  why: string
}

const SHELL = 'the console runs no other programs than echo, printf, sleep, true and false under a lock or a watch'
const FIGURES = `the revisions follow from lines before it: ${SHELL}`
const MAINTENANCE = 'alarms, authentication, defragmentation, hashes, files and downgrades are not modelled'
const RACE = 'the answer to the progress request races the end of the input; 3.4 and 3.7 printed nothing'
const STORAGE = 'recorded in the first seconds of the cluster, before its members had raised the storage version; a run starts later'
const FROM_3_6: readonly EtcdVersion[] = ['3.6', '3.7']

const of = (name: string, why: string, lines: readonly string[], versions?: readonly EtcdVersion[]): Exception[] =>
  lines.map((line) => ({ name, line, why, ...(versions === undefined ? {} : { in: versions }) }))

export const EXCEPTIONS: readonly Exception[] = [
  ...of('endpoint', MAINTENANCE, [
    'etcdctl endpoint hashkv',
    'etcdctl endpoint hashkv -w table',
    'etcdctl endpoint hashkv -w json',
    'etcdctl endpoint hashkv -w fields',
  ]),
  ...of('misc', MAINTENANCE, [
    'etcdctl alarm list',
    'etcdctl alarm disarm',
    'etcdctl user list',
    'etcdctl role list',
    'etcdctl defrag',
    'etcdctl defrag --cluster',
    'etcdctl make-mirror',
  ]),
  ...of('misc', MAINTENANCE, ['etcdctl auth status'], ['3.5', '3.6', '3.7']),
  ...of('misc', MAINTENANCE, ['etcdctl snapshot status nofile'], ['3.4', '3.5']),
  ...of('misc', MAINTENANCE, ['etcdctl migrate'], ['3.4']),
  ...of(
    'misc',
    MAINTENANCE,
    ['etcdctl downgrade validate 3.4', 'etcdctl downgrade validate 3.3', 'etcdctl downgrade cancel', 'etcdctl downgrade enable 3.4'],
    FROM_3_6,
  ),
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
    ['etcdctl endpoint status', 'etcdctl endpoint status -w table', 'etcdctl endpoint status -w json', 'etcdctl endpoint status -w fields'],
    ['3.7'],
  ),
  ...of('watch-more', RACE, ['etcdctl watch -i'], ['3.5', '3.6']),
]
