import { joinAddress } from '../../model/addresses.ts';
import type { Client, Daemon, Place, Served, ServeScript } from '../backend.ts';
import { backend } from '../define.ts';
import { addressesOf, itsPort, portsOf } from '../served.ts';

const systemd: Daemon = {
  name: 'the line echo',
  onePort: false,
  unit: "'lvs-lab-echo-*'",
  log: "journalctl -n 20 -u 'lvs-lab-echo-*'",
  endConnections: "systemctl stop 'lvs-lab-echo-tcp@*'",
  scripts: (served, place) =>
    (['tcp', 'sctp'] as const).flatMap((protocol) => {
      const own = served.filter((one) => one.protocol === protocol);
      return own.length > 0 ? [echoOver(protocol, own, place)] : [];
    }),
};

function echoOver(protocol: 'tcp' | 'sctp', served: readonly Served[], place: Place): ServeScript {
  const sctp = protocol === 'sctp';
  const listen = sctp
    ? addressesOf(served, place).flatMap((own) => portsOf(served).map((port) => joinAddress(own, port)))
    : portsOf(served).map(String);
  return { template: 'backends/echo/echo', context: { node: place.node, protocol, sctp, listen } };
}

/** In Perl, because no program in Debian holds TCP and SCTP connections from chosen source ports. */
const perl: Client = { name: 'echo', template: 'backends/echo/ask', packages: {} };

/** Sends its name, then repeats each line. Clients keep their connections open. */
export const echo = backend({
  name: 'echo',
  protocols: ['tcp', 'sctp'],
  port: 7,
  usualOver: ['sctp'],
  standsIn: true,
  daemon: systemd,
  packages: {},
  portsTaken: itsPort(systemd),
  client: perl,
  large: true,
  target: ({ protocol, address, port }) => `${protocol}/${address}/${port}`,
  // What ask_echo says of an answer.
  statuses: [200],
  healthChecks: ['tcp'],
  staysOpen: true,
  failover: 'held',
});
