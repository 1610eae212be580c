# A lease of 10 s is granted. Its ID is copied by hand, and the lease is gone meanwhile.
# https://github.com/etcd-io/etcd/issues/9726
etcdctl lease grant 10
sleep 14
etcdctl put --lease=$L1 test2 world
etcdctl lease list
etcdctl lease timetolive $L1
etcdctl lease keep-alive $L1
echo $?
