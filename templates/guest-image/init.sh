#!/bin/busybox sh
# PID 1 of the initrd: load the modules, put a writable layer over the read-only image, hand over to systemd. On the
# kernel's command line: lab.root=DEVICE that has the image (/dev/vda), lab.disk=DEVICE with an ext4 for what is written
# (without it: a tmpfs, which a reboot empties), lab.box for a Vagrant box.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
# One that does not fit this CPU (crc32c-intel) is no loss; a disk that cannot be mounted says so below.
for module in /*.ko; do insmod "$module" 2> /dev/null; done
image=/dev/vda
disk=
box=
read -r line < /proc/cmdline
for word in $line; do
  case $word in
    # The probe of an accelerator wants to know one thing: does a real kernel get this far?
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
