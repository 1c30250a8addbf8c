#!/bin/busybox sh
# PID 1 of the initrd: loads the modules, mounts a writable layer over the read-only image, and starts systemd. Words of the
# kernel's command line: lab.root=DEVICE of the image (/dev/vda by default), lab.disk=DEVICE of a writable ext4 (without it a
# tmpfs, which a reboot empties), lab.box for a Vagrant box.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
# A module that does not fit this CPU (crc32c-intel) is not needed. If a disk cannot be mounted, the mount below says so.
for module in /*.ko; do insmod "$module" 2> /dev/null; done
image=/dev/vda
disk=
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
    lab.disk=*) disk=${word#*=} ;;
    lab.box) box=yes ;;
  esac
done
mount -t erofs -o ro "$image" /lower || exec sh
if [ "$disk" ]; then
  mount -t ext4 "$disk" /rw || exec sh
else
  mount -t tmpfs -o mode=755,size=75% tmpfs /rw
fi
mkdir -p /rw/upper /rw/work
mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work overlay /root || exec sh
umount /proc
mount --move /dev /root/dev
if [ "$box" ]; then chroot /root sh /usr/lib/lab/box.sh; fi
exec switch_root /root /sbin/init
