/** Files of configuration that are read, as patterns of the shell. The template sources/files.hbs has them from here. */
const configuration = [
  ...['/etc/hosts', '/etc/resolv.conf', '/etc/hosts.allow', '/etc/hosts.deny', '/etc/nsswitch.conf', '/etc/gai.conf'],
  ...['/etc/fstab', '/etc/exports', '/etc/apache2/*.conf', '/etc/apache2/envvars', '/etc/apache2/conf-enabled/*'],
  ...['/etc/apache2/sites-enabled/*', '/etc/ha.d/ldirectord.cf', '/etc/keepalived/*', '/etc/chrony/*.conf'],
  ...['/etc/dnsmasq.d/*', '/etc/vsftpd.conf', '/etc/exim4/exim4.conf', '/etc/dovecot/dovecot.conf'],
  ...['/etc/ldap/slapd.conf', '/etc/default/slapd', '/etc/squid/squid.conf', '/etc/nfs.conf.d/*'],
  ...['/etc/mysql/mariadb.conf.d/*', '/etc/php/*/fpm/pool.d/*.conf', '/etc/wordpress/*.php'],
  ...['/etc/systemd/system/*.d/*', '/run/systemd/system/*.d/*', '/run/systemd/system.control/*/*'],
];

/** Units of systemd. Most are links to /dev/null, and those are not read. */
export const unitFiles = '/etc/systemd/system/*.service';

/** Files whose contents are read, beside the units. */
export function filesRead(site: boolean): string[] {
  return [...configuration, site ? '/var/lib/nfs/etab' : '/var/www/html/index.html'];
}

/** Files and folders of which is read who may read them. */
export function modesRead(site: boolean): string[] {
  return [
    ...['/var/www', ...(site ? [] : ['/var/www/html', '/var/www/html/*'])],
    ...['/etc/apache2/mods-enabled/*', '/etc/apache2/conf-enabled/*', '/etc/apache2/sites-enabled/*'],
    ...['/etc/systemd/system/*', '/run/systemd/system/*'],
  ];
}

/** Whether a shell would find the path by one of the patterns: * stands for any name, or part of one, without a dot in front. */
export function isIn(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.replaceAll('.', '\\.').replaceAll('/*', '/(?=[^./\\n])*').replaceAll('*', '[^/\\n]*');
    return new RegExp(`^${escaped}$`).test(path);
  });
}
