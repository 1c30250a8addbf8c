/** What `ipvsadm -Ln --stats --exact` and `--rate --exact` print: counters since the service was made, and their rates. */
export interface ServerStats {
  /** Address and port, as ipvsadm prints it. */
  server: string;
  connections: number;
  inPackets: number;
  outPackets: number;
  inBytes: number;
  outBytes: number;
}

export interface ServiceStats extends Omit<ServerStats, 'server'> {
  /** `TCP 192.168.1.3:80`, `FWM 7`, `FWM 8 IPv6`. */
  service: string;
  servers: ServerStats[];
}

/** Both have five numbers in a row, after the name of a service or the address of a real server. */
export function parseStats(text: string): ServiceStats[] {
  const services: ServiceStats[] = [];
  for (const line of text.split('\n')) {
    const [, arrow, service, server, numbers] =
      /^(?:( +->) |((?:TCP|UDP|SCTP|FWM) +\S+(?: IPv6)?))(?:(\S+))?((?: +\d+){5})\s*$/.exec(line) ?? [];
    if (!numbers) continue;
    const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = numbers
      .trim()
      .split(/\s+/)
      .map(Number);
    const counters = { connections, inPackets, outPackets, inBytes, outBytes };
    if (arrow) services.at(-1)?.servers.push({ server: server ?? '', ...counters });
    else services.push({ service: (service ?? '').replace(/\s+/g, ' '), ...counters, servers: [] });
  }
  return services;
}
