#!/bin/sh
# Runs this node's scripts, named by its arguments, in their order, and stops at the first that fails. A line behind
# each tells its exit code and its start and end, in seconds of uptime.
cd "$(dirname "$0")" || exit
for step in "$@"; do
  read -r start _ < /proc/uptime
  sh "./$step" < /dev/null 2>&1
  code=$?
  read -r end _ < /proc/uptime
  echo "@@step $step $code $start $end"
  [ "$code" -eq 0 ] || exit "$code"
done
