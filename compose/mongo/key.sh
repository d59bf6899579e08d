#!/bin/bash
# The key that the members of the replica set know each other by: made once, readable by mongod alone.
set -euo pipefail
key=/key/replica-set
[ -s "$key" ] || head -c 700 /dev/urandom | base64 -w 0 > "$key"
chown mongodb:mongodb "$key"
chmod 400 "$key"
