# keep-alive and timetolive of an unknown lease end with 0.
# https://github.com/etcd-io/etcd/issues/19261
etcdctl lease keep-alive 0bad1d0; echo $?
etcdctl lease timetolive 0bad1d0; echo $?
etcdctl lease keep-alive --once 0bad1d0; echo $?
etcdctl lease revoke 0bad1d0; echo $?
