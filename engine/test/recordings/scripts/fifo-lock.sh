#!/bin/sh
lock_file=/tmp/lock.fifo
if ! mkfifo "${lock_file}"; then exit "$?"; fi
etcdctl lock "init.service" >"${lock_file}" &
lock_pid="$!"
release_lock() {
  kill "${lock_pid}"
  wait "${lock_pid}" || true
  rm -f "${lock_file}"
}
if read -r lock_name <"${lock_file}"; then
  echo "lock success"
  name_of_init_node=$(etcdctl get init.service | tail -n 1)
  if [ -n "${name_of_init_node}" ]; then
    echo "already run on ${name_of_init_node}"
    release_lock
    exit 0
  fi
fi
etcdctl put init.service "node-a"
release_lock
