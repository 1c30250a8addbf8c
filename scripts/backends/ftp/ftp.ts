import type { Daemon } from '../backend.ts';
import { backend } from '../define.ts';
import { itsPort, portsOf } from '../served.ts';
import { curl, url } from '../shared/curl.ts';

const vsftpd: Daemon = {
  name: 'vsftpd',
  onePort: true,
  unit: 'vsftpd',
  process: 'vsftpd',
  log: 'journalctl -n 20 -u vsftpd',
  scripts: (served, { node, family }) => {
    const [low = '', high = ''] = served.find(({ more }) => more)?.more?.split('-') ?? [];
    const context = { node, port: portsOf(served)[0], ipv6: family === 6, low, high };
    return [{ template: 'backends/ftp/ftp', context }];
  },
};

const together = 'fwmark: 1, port: [21, 10000-10100], persistence: 300';

/** A file that names the real server, for anybody, in passive mode. */
export const ftp = backend({
  name: 'ftp',
  protocols: ['tcp'],
  port: 21,
  daemon: vsftpd,
  packages: { vsftpd: 'vsftpd' },
  portsTaken: itsPort(vsftpd),
  client: curl,
  large: true,
  target: (asked) => url('ftp', asked, '/server.txt'),
  // curl uses a second port for the data connection.
  portsPerRequest: 2,
  // The last reply: that to RETR, or to QUIT.
  statuses: [226, 221],
  healthChecks: ['tcp'],
  dataConnections: true,
  helper: {
    module: 'ip_vs_ftp',
    name: 'ftp',
    template: 'backends/ftp/helper',
    without: 'a login works, and then every transfer fails',
  },
  objection: ({ modes, marked, ranged, persistent }) => {
    if (!marked && modes.some((mode) => mode !== 'nat')) {
      return {
        what: `by dr and tun ip_vs_ftp sees no answers, so it can't bring the data connection to the same real server; a mark on both ports and persistence can`,
        fix: together,
      };
    }
    if (marked && modes.includes('nat')) {
      return {
        what: 'by nat ftp works with ip_vs_ftp, which reads the commands of a service by address and port',
        fix: 'no fwmark',
      };
    }
    return marked && !(ranged && persistent)
      ? {
          what: 'ftp by fwmark needs the ports of its data connections in the same service, and persistence, which brings them to the same real server',
          fix: together,
        }
      : undefined;
  },
});
