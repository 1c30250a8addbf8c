#!/bin/sh
# In the place of the kit, for jobs without machines. Called as: kit.sh LOG VERB NAME OPTIONS…
# It writes a line into LOG when a command begins and when it ends. LOG.NAME has the exit code of each try of a job, one a line, or
# `killed`, or `wait` for one that goes on until it is told to end, or LOG.go is there.
log=$1
verb=$2
name=$3
tell() { echo "$verb $name $*" >>"$log"; }
if [ "$verb" = down ]; then
  tell ended
  rm -rf ".lab/$name"
  exit
fi
trap 'sleep 0.3; tell told; exit 130' TERM
mkdir -p ".lab/$name"
tell begun
tell "on $(hostname)"
tries=$(grep -c "^$verb $name begun" "$log")
code=$(sed -n "${tries}p" "$log.$name" 2>/dev/null)
[ "$code" = killed ] && kill -KILL $$
while [ "$code" = wait ] && [ ! -e "$log.go" ]; do sleep 0.05; done
[ "$code" = wait ] && code=0
[ -e labs ] && tell "sees $(ls labs)"
echo "{ \"schema\": \"stand-in\", \"of\": \"$name\" }"
echo "what $name says" >&2
tell "${code:-0}"
exit "${code:-0}"
