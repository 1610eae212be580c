LOCK_KEY=/locks/backup
LOCK_VALUE=host-a:4711
LOCK_TTL=30
acquire_etcd_lock() {
    local lease_id=$(etcdctl lease grant "$LOCK_TTL" | grep "lease" | cut -d' ' -f2)
    if etcdctl put "$LOCK_KEY" "$LOCK_VALUE" --lease="$lease_id" 2>/dev/null; then
        echo "$lease_id" > /tmp/lease_id
        return 0
    fi
    return 1
}
release_etcd_lock() {
    if [ -f /tmp/lease_id ]; then
        local lease_id=$(cat /tmp/lease_id)
        etcdctl lease revoke "$lease_id" 2>/dev/null || true
        rm -f /tmp/lease_id
    fi
}
acquire_etcd_lock && echo got it
etcdctl get "$LOCK_KEY"
release_etcd_lock
etcdctl get "$LOCK_KEY"
