import type { Etcdctl } from '../versions'

/** How to print IDs and fields, by the flags of the line and the version. */
export interface Look {
  hex: boolean
  etcdctl: Etcdctl
}
