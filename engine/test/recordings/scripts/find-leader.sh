#!/bin/bash
LEADER=$(etcdctl endpoint status --cluster -w json | \
  jq -r '.[] | select(.Status.leader == .Status.header.member_id) | .Endpoint')
echo "Current leader endpoint: ${LEADER}"
etcdctl put after it
