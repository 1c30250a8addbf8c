#!/bin/sh
# Turns a fresh Debian tree into the guest of a lab. mmdebstrap runs it as a customize hook: $1 is the tree.
set -eu
root=$1

# An "uninitialized" machine-id would make the first boot apply every unit preset. A fixed one does not.
echo 1e57a11ab00000000000000000000001 > "$root/etc/machine-id"
echo lab > "$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' > "$root/etc/hosts"
: > "$root/etc/fstab"
rm -f "$root/etc/resolv.conf" "$root"/etc/ssh/ssh_host_*

# Nothing starts but what a lab starts: a target of our own instead of multi-user.target, which Debian's packages
# fill with every daemon that is installed.
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
# An NFS server of a lab speaks NFS 4 alone (templates/site/export.hbs).
for unit in rpcbind.service rpcbind.socket rpc-statd.service rpc-statd-notify.service; do
  ln -sfn /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
# An emulated machine is slow: Debian's 90 s for a unit to start is too near to what MariaDB takes there.
printf '[Manager]\nDefaultTimeoutStartSec=300\n' > "$root/etc/systemd/system.conf.d/lab.conf"

# One host key and one key exchange, the cheapest that is sound: OpenSSH's post-quantum default costs an emulated
# guest a second for every connection. Root by key only; the keys come with the template, never with the image. Logging
# every login would cost an emulated guest more than it tells.
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

# What a machine runs that boots as a Vagrant box; see init.sh.
install -D -m 755 "$root/lab-box" "$root/usr/lib/lab/box.sh"
rm "$root/lab-box"

# Nothing to catch up with at the first boot: ldconfig, the journal's catalogue and the like are up to date.
touch "$root/etc/.updated" "$root/var/.updated"

# apt likes to bring PHP into Apache itself. Here a server of its own runs it, and real servers only know where that is.
rm -f "$root"/etc/apache2/mods-enabled/php* "$root"/etc/apache2/mods-enabled/mpm_prefork.*
chroot "$root" a2enmod -q mpm_event

# MariaDB and nothing else: Debian's unit also looks for a cluster, and for what an upgrade has left to do.
mkdir -p "$root/etc/systemd/system/mariadb.service.d"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/mariadbd\nExecStartPost=\n' > "$root/etc/systemd/system/mariadb.service.d/lab.conf"

# The empty database with a log of the size that a lab's has (templates/site/database.hbs): Debian's 96 MB take an emulated
# server longer to copy than to start.
chroot "$root" sh -eu <<'DATABASE'
rm -rf /var/lib/mysql/*
mariadb-install-db --cross-bootstrap --user=mysql --disable-log-bin --skip-test-db --innodb-log-file-size=8M > /dev/null
DATABASE

# WordPress as the machines of a site have it (templates/site/), and as a file system to begin a disk with: three thousand
# files take an emulated server ten seconds to copy one by one.
chroot "$root" sh -eu <<'SEED'
mkdir /srv/site
cp -rL --preserve=timestamps /usr/share/wordpress/. /srv/site
touch /srv/site/.wordpress
mkdir -p /usr/lib/lab
mkfs.ext4 -q -b 4096 -d /srv /usr/lib/lab/site.ext4 100M
SEED

# PHP-FPM finds WordPress compiled, by the path and the date that its files have on the machines of a site:
# an emulated server would compile, and fetch by NFS, for some seconds more before it is set up. What php-cli compiles is not
# for FPM. noop.php has functions of others anew, which one process cannot compile.
chroot "$root" sh -eu <<'COMPILE'
mkdir /var/cache/opcache
work=$(mktemp -d)
find /srv/site -name '*.php' ! -name noop.php > "$work/files"
cat > "$work/compile.php" <<'PHP'
<?php
set_time_limit(0);
foreach (file(__DIR__ . '/files', FILE_IGNORE_NEW_LINES) as $file) opcache_compile_file($file);
echo "compiled\n";
PHP
printf '%s\n' '[global]' "pid = $work/pid" "error_log = $work/log" '[www]' 'user = root' "listen = $work/socket" \
  'pm = static' 'pm.max_children = 1' > "$work/pool"
/usr/sbin/php-fpm* --allow-to-run-as-root --daemonize --fpm-config "$work/pool" \
  -d opcache.file_cache=/var/cache/opcache -d opcache.file_cache_only=1
trap 'kill "$(cat "$work/pid")"' EXIT
REQUEST_METHOD=GET SCRIPT_FILENAME="$work/compile.php" cgi-fcgi -bind -connect "$work/socket" > "$work/answer" || :
kill "$(cat "$work/pid")"
trap - EXIT
# It is read by FPM's workers, and written by nobody. Without it a site is as good, and slower.
chmod -R a+rX /var/cache/opcache
if ! grep -qx compiled "$work/answer" || ! runuser -u www-data -- cat /var/cache/opcache/*/srv/site/wp-load.php.bin > /dev/null; then
  echo 'lab: WordPress could not be compiled' >&2
  cat "$work/answer" "$work/log" >&2
  rm -r /var/cache/opcache
fi
rm -rf "$work"
COMPILE

# What WordPress' installer writes into an empty database, and what the first page leaves there for the next ones, as SQL: an
# emulated server takes half a minute for both. A site has another address, which takes this one's place, and a user of its
# own. Without this file the installer is run on the lab.
chroot "$root" sh -eu <<'INSTALL' || echo 'lab: what the installer of WordPress writes could not be kept' >&2
work=$(mktemp -d)
configuration=/etc/wordpress/config-default.php
trap 'rm -rf "$work" "$configuration"' EXIT
mkdir "$work/data"
chown -R mysql "$work"
mariadb-install-db --cross-bootstrap --user=mysql --datadir="$work/data" --innodb-log-file-size=8M > /dev/null
mariadbd --no-defaults --user=mysql --datadir="$work/data" --innodb-log-file-size=8M --skip-networking \
  --socket="$work/socket" --pid-file="$work/pid" > "$work/log" 2>&1 < /dev/null &
trap 'kill "$!" 2> /dev/null || :; wait || :; rm -rf "$work" "$configuration"' EXIT
database() { mariadb --no-defaults --socket="$work/socket" -N -e "$1"; }
mariadb-admin --no-defaults --socket="$work/socket" --wait=300 --connect-timeout=300 ping > /dev/null
database 'CREATE DATABASE wordpress'
cat > "$configuration" <<CONFIGURATION
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$work/socket');
define('WP_CONTENT_DIR', '/srv/site/wp-content');
define('WP_HOME', 'http://address.of.the.site');
define('WP_SITEURL', WP_HOME);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
\$_SERVER += ['HTTP_HOST' => 'address.of.the.site', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET'];
// As on the machines of a site; templates/partials/site-files.hbs says why.
\$GLOBALS['wp_filter'] = [
    'pre_http_request' => [10 => [['function' => fn() => true, 'accepted_args' => 0]]],
    'wp_hash_password_options' => [10 => [['function' => fn() => ['cost' => 4], 'accepted_args' => 0]]],
];
function wp_mail() { return false; }
register_shutdown_function(fn() => file_put_contents('$work/loaded', implode("\\n", get_included_files()) . "\\n"));
CONFIGURATION
cat > "$work/install.php" <<'PHP'
<?php
define('WP_INSTALLING', true);
require '/srv/site/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('LVS lab', 'admin', 'admin@example.com', false, '', 'lvs-lab');
PHP
# A page, and what programs load that write posts (xmlrpc.php).
cat > "$work/page.php" <<'PHP'
<?php
require '/srv/site/index.php';
foreach (['wp-includes/class-IXR', 'wp-includes/class-wp-xmlrpc-server', 'wp-admin/includes/admin'] as $name) require_once ABSPATH . "$name.php";
PHP
timeout 600 php "$work/install.php"
timeout 600 php "$work/page.php" > "$work/page"
grep -q '<title>LVS lab' "$work/page"
# What a page leaves says how long it may be used, and is as good in an older image. An address in it has its length beside it.
database "DELETE FROM wordpress.wp_options WHERE option_name LIKE '%transient_timeout%' OR
  (option_name LIKE '%transient%' AND option_value LIKE '%address.of.the.site%')"
mariadb-dump --no-defaults --socket="$work/socket" --skip-comments --skip-add-locks wordpress > "$work/wordpress.sql"
grep '^/srv/site/' "$work/loaded" > /usr/lib/lab/loaded
cat > /usr/lib/lab/load.php <<'PHP'
<?php
foreach (file(__DIR__ . '/loaded', FILE_IGNORE_NEW_LINES) as $file) if (is_file($file)) opcache_compile_file($file);
PHP
install -m 644 "$work/wordpress.sql" /usr/lib/lab/wordpress.sql
INSTALL
chroot "$root" rm -rf /srv/site

# An emulated core takes half a second to unpack the modules of IPVS; the disk has room for them as they are, and for those
# of the file systems that several machines share.
version=$(ls "$root/lib/modules")
for modules in net fs/nfs fs/nfsd fs/nfs_common fs/lockd fs/ocfs2; do
  [ ! -d "$root/lib/modules/$version/kernel/$modules" ] ||
    find "$root/lib/modules/$version/kernel/$modules" -name '*.ko.xz'
done | sed "s|^$root||" | chroot "$root" xargs -r busybox unxz
chroot "$root" depmod "$version"

# What the kernel is loaded from, and the initrd that mounts the read-only image under a tmpfs. modprobe knows the
# order in which the modules must be loaded; those that are built in print "builtin".
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
