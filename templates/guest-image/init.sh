#!/bin/busybox sh
# PID 1 of the initrd: loads the modules, mounts a writable layer over the read-only image, and starts systemd. Words of the
# kernel's command line: lab.root=DEVICE of the image (/dev/vda by default), lab.layer=DEVICE of a read-only layer above it with
# the modules of another kernel than the image's own, lab.disk=DEVICE of a writable ext4 (without it a tmpfs, which a reboot
# empties), lab.box for a Vagrant box.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
# A module that does not fit this CPU (crc32c-intel) is not needed. If a disk cannot be mounted, the mount below says so.
for module in /*.ko; do insmod "$module" 2> /dev/null; done

# Says on the console why nothing can be mounted, for whoever reads it there, and ends in a shell.
fail() {
  device=$1 type=$2 missing=
  if [ "$type" != overlay ] && [ ! -b "$device" ]; then
    missing='; the kernel lacks a driver, virtio_pci or virtio_blk'
  elif ! grep -q "[[:space:]]$type\$" /proc/filesystems; then
    missing="; the kernel lacks the file system $type"
  fi
  echo "lab: cannot mount $device as $type$missing" > /dev/console
  exec sh
}

image=/dev/vda
disk=
layer=
box=
read -r line < /proc/cmdline
for word in $line; do
  case $word in
    # The probe of an accelerator only asks whether a kernel comes as far as this.
    lab.probe)
      echo lab-probe-ok > /dev/console
      poweroff -f
      ;;
    lab.root=*) image=${word#*=} ;;
    lab.layer=*) layer=${word#*=} ;;
    lab.disk=*) disk=${word#*=} ;;
    lab.box) box=yes ;;
  esac
done
mount -t erofs -o ro "$image" /lower || fail "$image" erofs
lower=/lower
if [ "$layer" ]; then
  mount -t erofs -o ro "$layer" /layer || fail "$layer" erofs
  lower=/layer:/lower
fi
if [ "$disk" ]; then
  mount -t ext4 "$disk" /rw || fail "$disk" ext4
else
  mount -t tmpfs -o mode=755,size=75% tmpfs /rw
fi
mkdir -p /rw/upper /rw/work
mount -t overlay -o "lowerdir=$lower,upperdir=/rw/upper,workdir=/rw/work" overlay /root || fail overlay overlay
umount /proc
mount --move /dev /root/dev
if [ "$box" ]; then chroot /root sh /usr/lib/lab/box.sh; fi
exec switch_root /root /sbin/init
