import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { addressesOf, portsOf } from '../served.ts';

const dnsmasq: Daemon = {
  name: 'dnsmasq',
  onePort: true,
  unit: 'dnsmasq',
  process: 'dnsmasq',
  log: 'journalctl -n 20 -u dnsmasq',
  scripts: (served, place) => {
    const addresses = addressesOf(served, place);
    return [{ template: 'backends/dns/dns', context: { node: place.node, addresses, port: portsOf(served)[0] } }];
  },
};

const dig: Client = {
  name: 'dig',
  template: 'backends/dns/ask',
  packages: { dig: 'bind9-dnsutils' },
  seconds: (output) => {
    const [, milliseconds] = /Query time: (\d+) msec/.exec(output) ?? [];
    return milliseconds === undefined ? undefined : Number(milliseconds) / 1000;
  },
};

/** A name server with a record that names it. */
export const dns = backend({
  name: 'dns',
  protocols: ['udp', 'tcp'],
  port: 53,
  usualOver: ['udp'],
  daemon: dnsmasq,
  packages: { dnsmasq: 'dnsmasq' },
  portsTaken: (_protocol, port) => ['udp', 'tcp'].map((protocol) => [`${protocol} ${port}`, dnsmasq.name]),
  client: dig,
  target: ({ protocol, address, port }) => `${address}#${port}${protocol === 'tcp' ? '+tcp' : ''}`,
  // What ask_dig says of an answer.
  statuses: [200],
  healthChecks: ['dns', 'tcp'],
});
