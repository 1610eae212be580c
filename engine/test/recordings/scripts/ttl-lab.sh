#!/bin/bash
set -e
echo "--- Step 1: Grant a lease (10 seconds) ---"
LEASE_ID=$(etcdctl lease grant 10 | awk '{print $2}')
echo "Lease granted: ${LEASE_ID}"
RESULT=$(etcdctl get /services/worker-2 --print-value-only 2>/dev/null || true)
if [ -z "${RESULT}" ]; then
  echo "  Key is gone"
else
  echo "  Key still exists: ${RESULT}"
fi
RESULT=$(etcdctl get /services/worker-1 --print-value-only 2>/dev/null || true)
if [ -z "${RESULT}" ]; then
  echo "  Key is gone"
fi
