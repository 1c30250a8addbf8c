#!/bin/sh
# Runs the scripts of this node that are its arguments, in their order, and stops at the first that fails. After each script
# it prints a line with exit code, start and end, in seconds of uptime.
cd "$(dirname "$0")" || exit
# An interrupted command leaves its scripts running. They must end before others begin.
exec 9> /run/lvs-lab-steps.lock
flock -w 540 9 || { echo 'steps of an earlier command have not ended after 540 s'; exit 1; }
for step in "$@"; do
  read -r start _ < /proc/uptime
  sh "./$step" < /dev/null 2>&1 9>&-
  code=$?
  read -r end _ < /proc/uptime
  echo "@@step $step $code $start $end"
  [ "$code" -eq 0 ] || exit "$code"
done
