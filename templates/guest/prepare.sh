#!/bin/sh
# Makes a booted guest the template that all machines are cloned from. The guest agent runs it once for each template.
# Arguments: the public key that may log in, the private host key.
set -eu

# The management NIC, the last one, stays down until a clone has its identity.
for nic in /sys/class/net/eth*; do last=${nic##*/}; done
ip link set "$last" name management

# All devices exist now. From here on udev would only take time of emulated cores, in each clone again, for rules of tunl0
# and the like that no lab needs.
udevadm settle
systemctl stop systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket

umask 077
mkdir -p /root/.ssh
printf '%s\n' "$1" > /root/.ssh/authorized_keys
printf '%s\n' "$2" > /etc/ssh/ssh_host_ed25519_key
ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key > /etc/ssh/ssh_host_ed25519_key.pub
umask 022
systemctl start ssh

# Everything that labs run is run once, so that clones have it in their page cache: a login, Apache, curl and the tools.
# Modules are read, not loaded.
ssh-keygen -q -t ed25519 -N '' -f /run/warm
cat /run/warm.pub >> /root/.ssh/authorized_keys
ssh -q -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i /run/warm root@127.0.0.1 true
printf '%s\n' "$1" > /root/.ssh/authorized_keys
rm -f /run/warm /run/warm.pub
systemctl start apache2
curl -s --retry 5 --retry-connrefused -o /dev/null http://127.0.0.1/
systemctl stop apache2
find /var/log/apache2 -type f -exec truncate -s 0 {} +
for tool in 'ip address' 'nft --version' 'iptables --version' 'tcpdump --version' 'arping -V' 'perl -e 1' 'sysctl net.ipv4.ip_forward'; do
  $tool > /dev/null 2>&1 || :
done
# NFS, by which machines of a web site share files, takes seconds to load. IPVS and tunnels are loaded by each lab.
modprobe -a nfsd nfsv4 2> /dev/null || :
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ipip nft_masq nft_chain_nat af_packet; do
  modprobe --show-depends "$module" 2> /dev/null || :
done | while read -r kind file _; do
  if [ "$kind" = insmod ]; then cat "$file" > /dev/null; fi
done
cat /usr/sbin/ipvsadm /usr/bin/od /usr/bin/find > /dev/null
# The programs of a web site, as far as this image has them.
for file in /usr/sbin/mariadbd /usr/sbin/php-fpm* /usr/lib/php/*/*.so /usr/sbin/exportfs /usr/sbin/rpc.*; do
  [ ! -f "$file" ] || cat "$file" > /dev/null
done
sync
