import { backendOf } from '../../backends/index.ts';
import { namedServers } from '../real-servers.ts';
import { claimsOfBackend, claimsOfMachine, clashOf } from '../taken-ports.ts';
import { directorName, guePort } from '../words.ts';
import type { Report } from './report.ts';

/** Services share real servers, and sshd and tunnels use ports there too. Only one program can use a port. */
export function portsOfMachines(report: Report): void {
  const named = namedServers(report.file);
  const ofMachines = report.names.flatMap((name, index) => {
    const { tunnel, tunnel_port: port = guePort } = named[index] ?? {};
    const tellsLoad = report.file.health?.checks?.includes('load');
    const servesTime = name === directorName && report.file.clock;
    return claimsOfMachine(name, { guePort: tunnel === 'gue' ? port : undefined, tellsLoad, servesTime });
  });
  const taken = new Map<string, string>(ofMachines);
  for (const { service, path, protocol, endpoints, members } of report.services) {
    for (const { name, port: mapped } of members) {
      for (const { port, backend } of endpoints) {
        const real = service.fwmark === undefined ? (mapped ?? port) : port;
        const server = backendOf(backend);
        const claims = claimsOfBackend(name, server, protocol, real);
        const clash = clashOf(taken, claims);
        if (clash) {
          const [what, is] = clash;
          const other = taken.get(what);
          if (what === `${server.daemon.name} of ${name}`) {
            report.problem(path, `${what} can serve one port only, and serves ${other} already`);
          } else {
            report.problem(path, `${what} is used by ${other} already, and ${is} needs it`, 'another port or backend');
          }
          return;
        }
        for (const [what, is] of claims) taken.set(what, is);
      }
    }
  }
}
