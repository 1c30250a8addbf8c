#!/bin/sh
# Makes the guest a Vagrant box: user vagrant with sudo, Vagrant's public key (which Vagrant replaces by a new one at the
# first boot), an address by DHCP on the first NIC, sshd. The initrd runs it once, in the guest's root.
set -eu
[ -e /etc/lab-box ] && exit 0

id vagrant > /dev/null 2>&1 || useradd --create-home --shell /bin/bash vagrant
# No password, but not locked: sshd without PAM refuses users whose password field begins with "!".
usermod --password '*' vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/vagrant
install -d -m 700 -o vagrant -g vagrant /home/vagrant/.ssh
cat > /home/vagrant/.ssh/authorized_keys <<'KEY'
ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key
KEY
chown vagrant:vagrant /home/vagrant/.ssh/authorized_keys
chmod 600 /home/vagrant/.ssh/authorized_keys

# Vagrant's SSH (Ruby's Net::SSH) does not know every kind of key and key exchange.
for type in ed25519 ecdsa; do
  key=/etc/ssh/ssh_host_${type}_key
  [ -s "$key" ] || ssh-keygen -q -t "$type" -N '' -f "$key"
done
cat /etc/ssh/sshd_config - > /etc/ssh/sshd_config.box <<'SSHD'
HostKey /etc/ssh/ssh_host_ecdsa_key
SSHD
sed -i 's/^KexAlgorithms .*/&,ecdh-sha2-nistp256,diffie-hellman-group14-sha256/' /etc/ssh/sshd_config.box
mv /etc/ssh/sshd_config.box /etc/ssh/sshd_config

# All boxes have the machine-id of the image, so the DHCP server can tell them apart only by their MAC addresses.
cat > /etc/systemd/network/10-management.network <<'NETWORK'
[Match]
Name=eth0
[Network]
DHCP=ipv4
LinkLocalAddressing=no
[DHCPv4]
ClientIdentifier=mac
NETWORK
rm -f /etc/systemd/system/systemd-networkd.service

cat > /etc/systemd/system/box.target <<'UNIT'
[Unit]
Description=Lab guest, as a Vagrant box
Requires=sysinit.target
After=sysinit.target
Wants=systemd-networkd.service ssh.service
AllowIsolate=yes
UNIT
ln -sfn box.target /etc/systemd/system/default.target
: > /etc/lab-box
