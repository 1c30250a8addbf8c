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
    const context = { node, port: portsOf(served)[0], ipv6: family === 6 };
    return [{ template: 'backends/ftp/ftp', context }];
  },
};

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
  objection: ({ modes, marked }) =>
    marked || modes.some((mode) => mode !== 'nat')
      ? {
          what: 'ftp works only by nat, where ip_vs_ftp reads the commands and brings the data connection to the same real server',
          fix: 'mode: nat, and no fwmark',
        }
      : undefined,
});
