import type { Daemon, Place, Programs, Served, ServeScript } from '../backend.ts';
import { portsOf } from '../served.ts';

/** One configuration serves all protocols, so a machine has the programs of all. */
export const dovecotPackages: Programs = { dovecot: 'dovecot-imapd dovecot-pop3d' };

/** Serves one mailbox, over any of its protocols at any number of ports. */
export const dovecot: Daemon = {
  name: 'Dovecot',
  onePort: false,
  unit: 'dovecot',
  process: 'dovecot',
  log: 'journalctl -n 20 -u dovecot',
  scripts,
};

/** The names of these backends are Dovecot's names of the protocols. */
function scripts(served: readonly Served[], { node }: Place): ServeScript[] {
  const names = [...new Set(served.map(({ backend }) => backend.name))];
  const protocols = names.map((name) => ({
    name,
    ports: portsOf(served.filter(({ backend }) => backend.name === name)),
  }));
  return [{ template: 'backends/shared/dovecot', context: { node, protocols } }];
}
