#!/bin/sh
# Gives the full guest image the parts of a web site in a quick form. mmdebstrap runs it as a customize hook after
# customize.sh: $1 is the tree.
set -eu
root=$1

# apt may have put PHP into Apache. In a lab a PHP server runs PHP, and Apache passes requests on to it.
rm -f "$root"/etc/apache2/mods-enabled/php* "$root"/etc/apache2/mods-enabled/mpm_prefork.*
chroot "$root" a2enmod -q mpm_event

# Only MariaDB itself: Debian's unit also looks for a cluster, and for work that an upgrade has left.
mkdir -p "$root/etc/systemd/system/mariadb.service.d"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/mariadbd\nExecStartPost=\n' > "$root/etc/systemd/system/mariadb.service.d/lab.conf"

# The empty database, with a log of the size that labs use (templates/site/database.hbs): to copy Debian's 96 MB takes an
# emulated server longer than to start.
chroot "$root" sh -eu <<'DATABASE'
rm -rf /var/lib/mysql/*
mariadb-install-db --cross-bootstrap --user=mysql --disable-log-bin --skip-test-db --innodb-log-file-size=8M > /dev/null
DATABASE

# WordPress as the machines of a site have it (templates/site/), also as a file system for an empty disk: to copy three
# thousand files one by one takes an emulated server ten seconds.
chroot "$root" sh -eu <<'SEED'
mkdir /srv/site
cp -rL --preserve=timestamps /usr/share/wordpress/. /srv/site
touch /srv/site/.wordpress
mkdir -p /usr/lib/lab
mkfs.ext4 -q -b 4096 -d /srv /usr/lib/lab/site.ext4 100M
SEED

# WordPress compiled for PHP-FPM, with the paths and dates that its files have on the machines of a site. To compile it, and
# to read it by NFS, would take an emulated server some seconds more. FPM cannot use what php-cli compiles. noop.php defines
# functions again that other files have, so one process cannot compile all.
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
# FPM's workers only read it. Without it a site works as well, but more slowly.
chmod -R a+rX /var/cache/opcache
if ! grep -qx compiled "$work/answer" || ! runuser -u www-data -- cat /var/cache/opcache/*/srv/site/wp-load.php.bin > /dev/null; then
  echo 'lab: WordPress could not be compiled' >&2
  cat "$work/answer" "$work/log" >&2
  rm -r /var/cache/opcache
fi
rm -rf "$work"
COMPILE

# What WordPress' installer and the first page write into an empty database, as SQL: an emulated server takes half a minute
# for both. A site replaces the address by its own. Without this file the installer runs in the lab.
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
// As on the machines of a site; see templates/partials/site-files.hbs.
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
# A page, and the files that programs load to write posts (xmlrpc.php).
cat > "$work/page.php" <<'PHP'
<?php
require '/srv/site/index.php';
foreach (['wp-includes/class-IXR', 'wp-includes/class-wp-xmlrpc-server', 'wp-admin/includes/admin'] as $name) require_once ABSPATH . "$name.php";
PHP
timeout 600 php "$work/install.php"
timeout 600 php "$work/page.php" > "$work/page"
grep -q '<title>LVS lab' "$work/page"
# Rows that a page leaves have an expiry date, which is removed since an image may be older. Rows with an address have its
# length beside it, so they are removed.
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
