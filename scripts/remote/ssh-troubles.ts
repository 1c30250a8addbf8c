/** A way to log in with OpenSSH's client: what follows `ssh`, and the name under which known_hosts has the host. */
export interface Destination {
  /** As ssh takes it: `user@host`, `ssh://user@host:port`, or a Host of ssh_config. */
  url: string;
  host: string;
}

/** What ssh says, what that means, and what helps. */
const troubles: readonly [says: RegExp, what: string, tryThis: (to: Destination) => string][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'its host key is another one than known_hosts has',
    ({ host }) => `find out why; ssh-keygen -R ${host} forgets the old key`,
  ],
  [
    /Host key verification failed|No .* host key is known/,
    'known_hosts has no host key of it',
    ({ url }) => `ssh ${url} once, and compare the fingerprint that it shows`,
  ],
  [
    /Permission denied/,
    'no key lets you in, and the kit asks for no password',
    ({ url }) => `ssh-copy-id -f ${url}, or ssh-add; ssh -o BatchMode=yes ${url} true must work`,
  ],
];

/** What kept ssh from logging in, by what it printed, and what helps. Undefined if it printed nothing that is known. */
export function sshTrouble(stderr: string, to: Destination): { what: string; tryThis: string } | undefined {
  const [, what, tryThis] = troubles.find(([says]) => says.test(stderr)) ?? [];
  return what && tryThis ? { what, tryThis: tryThis(to) } : undefined;
}
