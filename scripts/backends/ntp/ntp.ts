import type { Client, Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';

/** A server of stratum 16 counts as not synchronised (RFC 5905, 7.3). */
const largestStratum = 15;

const chronyd: Daemon = {
  name: 'the NTP server',
  onePort: true,
  unit: 'lvs-lab-ntp',
  log: 'journalctl -n 20 -u lvs-lab-ntp',
  scripts: (served, { node, number }) => [
    { template: 'backends/ntp/ntp', context: { node, number, port: portsOf(served)[0] } },
  ],
};

const perl: Client = { name: 'ntp', template: 'backends/ntp/ask', packages: {} };

/** A time server. Its stratum is its number. */
export const ntp = backend({
  name: 'ntp',
  protocols: ['udp'],
  port: 123,
  daemon: chronyd,
  packages: { chronyd: 'chrony' },
  portsTaken: itsPort(chronyd),
  client: perl,
  target: ({ address, port, realServers }) => `${address}/${port}/${realServers.join(',')}`,
  // What ask_ntp says of an answer.
  statuses: [200],
  healthChecks: ['udp'],
  // A client's request: version 4, mode 3 (RFC 4330).
  question: `23${'00'.repeat(47)}`,
  objection: ({ realServers }) =>
    realServers > largestStratum
      ? {
          what: `ntp: an answer names its real server by the stratum, which ends at ${largestStratum}, and the lab has ${realServers} real servers`,
          fix: `${largestStratum} real servers at most`,
        }
      : undefined,
});
