#!/bin/sh
# Runs a command beside a libvirtd of its own that nothing else on this computer sees: `unshare` gave this script
# namespaces of its own for networks, mounts and processes. Arguments: a folder for all of libvirt's files, the command.
# When this script ends, every process in its namespace does, machines included.
set -eu
state=$1
shift

ip link set lo up
for folder in /etc/libvirt /run/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
  mkdir -p "$folder" "$state$folder"
  mount --bind "$state$folder" "$folder"
done

# There is no systemd in here, no D-Bus, no cgroup and no virtlogd; QEMU runs as this user.
cat > /etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
CONF
echo 'auth_unix_rw = "none"' > /etc/libvirt/libvirtd.conf

libvirtd > "$state/libvirtd.log" 2>&1 &
tries=0
until virsh --quiet --connect qemu:///system version > /dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ]; then
    echo "libvirtd does not answer; see $state/libvirtd.log" >&2
    exit 1
  fi
  sleep 0.1
done
"$@"
