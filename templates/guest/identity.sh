#!/bin/sh
# Gives a clone its identity, before its network comes up. The guest agent runs it in every clone; one that has an
# identity keeps it. fresh.sh stands in front of it.
# Arguments: those of fresh, name, management address, management MAC, then the MAC of each lab NIC.
set -eu
[ -e /run/lab-identity ] && exit 0
fresh "$1" "$2"
name=$3 address=$4 management=$5
shift 5

echo "$name" > /proc/sys/kernel/hostname
echo "$name" > /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$name" > /etc/hosts

slot=0
{
  for mac in "$@"; do
    echo "link set eth$slot address $mac"
    slot=$((slot + 1))
  done
  echo "link set management address $management"
  echo "link set management up"
  echo "address replace $address dev management"
} | ip -batch -

: > /run/lab-identity
