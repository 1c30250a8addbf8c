#!/bin/busybox sh
# PID 1 of the initrd: load the modules, put a tmpfs over the read-only image, hand over to systemd.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in /*.ko; do insmod "$module"; done
# The probe of an accelerator wants to know one thing: does a real kernel get this far?
if grep -q lab.probe /proc/cmdline; then
  echo lab-probe-ok > /dev/console
  poweroff -f
fi
mount -t erofs -o ro /dev/vda /lower || exec sh
mount -t tmpfs -o mode=755,size=75% tmpfs /rw
mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work overlay /root || exec sh
umount /proc
mount --move /dev /root/dev
exec switch_root /root /sbin/init
