#!/bin/sh
# Gives a clone its identity, before its network comes up. The guest agent runs it in every clone; one that has an
# identity keeps it.
# Arguments: name, seconds since 1970, a random seed in hexadecimal, management address, management MAC, then the MAC
# of each lab NIC.
set -eu
[ -e /run/lab-identity ] && exit 0
name=$1 now=$2 seed=$3 address=$4 management=$5
shift 5

date -s "@$now" > /dev/null

# Two clones would get the same random bytes. A kernel with the vmgenid driver (Linux 5.18, Debian 13) notices that it was
# cloned and reseeds itself. Any other gets fresh bytes from the host into its pool (RNDADDENTROPY) and reseeds from that
# at once (RNDRESEEDCRNG): see random(4).
if [ ! -e /sys/bus/acpi/drivers/vmgenid ] && [ ! -e /sys/bus/platform/drivers/vmgenid ]; then
  perl -e '
    my $seed = pack("H*", $ARGV[0]);
    open(my $random, "+<", "/dev/random") or die "/dev/random: $!";
    ioctl($random, 0x40085203, pack("ii/a*", 8 * length $seed, $seed)) or die "RNDADDENTROPY: $!";
    ioctl($random, 0x5207, 0) or die "RNDRESEEDCRNG: $!";
  ' "$seed"
fi

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
