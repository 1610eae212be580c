# A client stays with the member that has no leader.
# https://github.com/patroni/patroni/issues/3335, https://github.com/patroni/patroni/issues/3572
etcdctl --endpoints=http://127.0.0.1:32379 lease grant 30
etcdctl --endpoints=http://127.0.0.1:32379 put /service/db/leader db-1 --lease=$L1
partition m3 m1,m2
sleep 5
etcdctl --endpoints=http://127.0.0.1:32379 get /service/db/leader
etcdctl --endpoints=http://127.0.0.1:32379 get /service/db/leader --consistency=s
etcdctl --endpoints=http://127.0.0.1:32379 lease keep-alive --once $L1
etcdctl --endpoints=http://127.0.0.1:32379 lease timetolive $L1
etcdctl --endpoints=http://127.0.0.1:32379 lease list
etcdctl --endpoints=http://127.0.0.1:32379 put x y
etcdctl --endpoints=http://127.0.0.1:2379,http://127.0.0.1:22379,http://127.0.0.1:32379 endpoint health
