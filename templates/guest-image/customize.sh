#!/bin/sh
# Makes a fresh Debian tree the guest of a lab. mmdebstrap runs it as a customize hook: $1 is the tree.
set -eu
root=$1

# An "uninitialized" machine-id would make the first boot apply every unit preset. A fixed one does not.
echo 1e57a11ab00000000000000000000001 > "$root/etc/machine-id"
echo lab > "$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' > "$root/etc/hosts"
: > "$root/etc/fstab"
rm -f "$root/etc/resolv.conf" "$root"/etc/ssh/ssh_host_*

# Only what a lab starts is started: a target of our own instead of multi-user.target, where Debian's packages put every
# installed daemon.
cat > "$root/etc/systemd/system/lab.target" <<'UNIT'
[Unit]
Description=Lab guest, waiting for its identity
Requires=sysinit.target
After=sysinit.target
Wants=qemu-guest-agent.service
AllowIsolate=yes
UNIT
ln -sfn lab.target "$root/etc/systemd/system/default.target"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer exim4-base.timer fstrim.timer logrotate.timer \
  man-db.timer phpsessionclean.timer systemd-tmpfiles-clean.timer systemd-pstore.service systemd-networkd.service \
  systemd-timesyncd.service sshd-keygen.service systemd-udev-load-credentials.service dev-hugepages.mount \
  dev-mqueue.mount sys-fs-fuse-connections.mount sys-kernel-tracing.mount; do
  ln -sfn /dev/null "$root/etc/systemd/system/$unit"
done
# The NFS server of a lab serves only NFS 4 (templates/site/export.hbs).
for unit in rpcbind.service rpcbind.socket rpc-statd.service rpc-statd-notify.service; do
  ln -sfn /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
# An emulated machine is slow: MariaDB takes nearly the 90 s that Debian gives a unit to start.
printf '[Manager]\nDefaultTimeoutStartSec=300\n' > "$root/etc/systemd/system.conf.d/lab.conf"

# Dropbear lets the kit in: it is one small program, and OpenSSH starts two large ones for each connection, which takes an
# emulated guest five times as long. Root logs in by key only; the keys come with the template, never with the image.
# Logins are not logged, because that takes an emulated guest time.
cat > "$root/etc/systemd/system/lab-ssh.service" <<'UNIT'
[Unit]
Description=SSH for the kit
[Service]
ExecStart=/usr/sbin/dropbear -F -E -s -m -r /etc/dropbear/host_key
StandardError=null
# A restart, for other keys, leaves what was started over SSH and still runs.
KillMode=process
UNIT
mkdir -p "$root/etc/dropbear"

# Commands over SSH run in sh, which starts quicker than bash. A person who logs in gets bash.
sed -i 's|^\(root:.*\):/bin/bash$|\1:/bin/sh|' "$root/etc/passwd"
echo 'case $- in *i*) exec bash ;; esac' > "$root/root/.profile"

# A Vagrant box keeps OpenSSH, which Vagrant knows. One key exchange, the cheapest that is secure.
cat > "$root/etc/ssh/sshd_config" <<'SSHD'
HostKey /etc/ssh/ssh_host_ed25519_key
KexAlgorithms curve25519-sha256
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
X11Forwarding no
MaxStartups 100
LogLevel ERROR
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
SSHD

# The script of a machine that boots as a Vagrant box; see init.sh.
install -D -m 755 "$root/lab-box" "$root/usr/lib/lab/box.sh"
rm "$root/lab-box"

# The first boot has nothing to update: ldconfig, the journal's catalogue and the like are up to date.
touch "$root/etc/.updated" "$root/var/.updated"

# An emulated core takes half a second to unpack the modules of IPVS. The image has room for them unpacked, and for those of
# the shared file systems.
version=$(ls "$root/lib/modules")
for modules in net fs/nfs fs/nfsd fs/nfs_common fs/lockd fs/ocfs2; do
  [ ! -d "$root/lib/modules/$version/kernel/$modules" ] ||
    find "$root/lib/modules/$version/kernel/$modules" -name '*.ko.xz'
done | sed "s|^$root||" | chroot "$root" xargs -r busybox unxz
chroot "$root" depmod "$version"

# The kernel, and the initrd that mounts the read-only image under a tmpfs. modprobe prints the modules in the order in which
# they must be loaded, and "builtin" for those that the kernel has built in.
stage=$(mktemp -d "$root/tmp/initrd.XXXXXX")
mkdir -p "$stage/bin" "$stage/dev" "$stage/proc" "$stage/lower" "$stage/rw" "$stage/root"
cp "$root/bin/busybox" "$stage/bin/busybox"
mv "$root/lab-init" "$stage/init"
chmod 755 "$stage/init"
n=10
for module in virtio_pci virtio_blk virtio_net virtio_console erofs ext4 overlay; do
  chroot "$root" modprobe -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
  case $file in
    *.xz) chroot "$root" busybox unxz -c "$file" ;;
    *) cat "$root$file" ;;
  esac > "$stage/$n-$(basename "${file%.xz}")"
  n=$((n + 1))
done
chroot "$root" sh -c "cd /${stage#"$root"/} && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1" > "$root/boot/lab-initrd"
rm -rf "$stage"
ln -sfn "vmlinuz-$version" "$root/boot/lab-vmlinuz"
