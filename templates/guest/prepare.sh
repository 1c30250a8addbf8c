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
printf '%s\n' "$2" > /run/host_key
dropbearconvert openssh dropbear /run/host_key /etc/dropbear/host_key 2> /dev/null
rm /run/host_key
dropbearkey -y -f /etc/dropbear/host_key | grep '^ssh-' > /etc/dropbear/host_key.pub
umask 022
systemctl start lab-ssh

# Everything that labs run is run once, so that clones have it in their page cache: a login, curl and the tools. Modules are
# read, not loaded. What machines of one role need more is in templates of their own (PlannedNode.warm).
dropbearkey -t ed25519 -f /run/warm > /run/warm.pub 2> /dev/null
grep '^ssh-' /run/warm.pub >> /root/.ssh/authorized_keys
dbclient -y -y -i /run/warm root@127.0.0.1 true 2> /dev/null
printf '%s\n' "$1" > /root/.ssh/authorized_keys
rm -f /run/warm /run/warm.pub
curl -s http://127.0.0.1/ || :
for tool in 'ip address' 'nft --version' 'iptables --version' 'tcpdump --version' 'arping -V' 'perl -e 1' 'sysctl net.ipv4.ip_forward'; do
  $tool > /dev/null 2>&1 || :
done
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ipip nft_masq nft_chain_nat af_packet; do
  modprobe --show-depends "$module" 2> /dev/null || :
done | while read -r kind file _; do
  if [ "$kind" = insmod ]; then cat "$file" > /dev/null; fi
done
cat /usr/sbin/ipvsadm /usr/bin/od /usr/bin/find > /dev/null
sync
