import type { Etcdctl } from '../versions'

/** What the flags of a line and the version say about IDs and fields. */
export interface Look {
  hex: boolean
  etcdctl: Etcdctl
}
