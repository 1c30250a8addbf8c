# The guest agent runs this in front of identity.sh and wake.sh.

# The right clock, and random bytes that no other machine with the same memory has.
# Arguments: seconds since 1970, a random seed in hexadecimal.
fresh() {
  date -s "@$1" > /dev/null
  # A kernel with the vmgenid driver (Linux 5.18, Debian 13) notices that it was cloned and reseeds itself. Any other gets
  # fresh bytes from the host into its pool (RNDADDENTROPY) and reseeds from that at once (RNDRESEEDCRNG): see random(4).
  if [ -e /sys/bus/acpi/drivers/vmgenid ] || [ -e /sys/bus/platform/drivers/vmgenid ]; then return; fi
  perl -e '
    my $seed = pack("H*", $ARGV[0]);
    open(my $random, "+<", "/dev/random") or die "/dev/random: $!";
    ioctl($random, 0x40085203, pack("ii/a*", 8 * length $seed, $seed)) or die "RNDADDENTROPY: $!";
    ioctl($random, 0x5207, 0) or die "RNDRESEEDCRNG: $!";
  ' "$2"
}
