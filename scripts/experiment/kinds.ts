/** What can be seen of a lab: kinds of records, each with its fields. Schema, matching and documents are made of this. */

export interface Field {
  type: 'number' | 'text' | 'flag';
  about: string;
}

export interface Kind {
  /** What its records are, and since when. */
  about: string;
  fields: Record<string, Field>;
}

const number = (about: string): Field => ({ type: 'number', about });
const text = (about: string): Field => ({ type: 'text', about });
const flag = (about: string): Field => ({ type: 'flag', about });

const director = text('The director that was asked; a lab can have two.');
const server = text('The real server by its name.');
const service = text('The service as `lab stats` names it: `TCP 192.168.1.3:80`, `FWM 7`.');

export const kinds = {
  answers: {
    about: 'The answers to what the step sent, in the order of the requests.',
    fields: {
      server: text('The real server that answered, by its name.'),
      answered: flag('Whether there was a right answer.'),
      status: number(
        'HTTP status, or FTP’s 226; 200 for an answer of a protocol without a status; 0 without an answer.',
      ),
      error: text('What the client program said when it failed.'),
      port: number('The client’s port.'),
      seconds: number('How long the answer took.'),
    },
  },
  servers: {
    about: 'The IPVS table, a record for each real server of each service, in the kernel’s order.',
    fields: {
      on: director,
      service,
      server,
      scheduler: text('The scheduler of the service.'),
      weight: number('Its weight.'),
      active: number('Active connections.'),
      inactive: number('Inactive connections.'),
    },
  },
  connections: {
    about: 'The connection table of IPVS. A persistence template is a record with `client_port: 0`.',
    fields: {
      on: director,
      protocol: text('`TCP`, `UDP` or `SCTP`; `IP` for the template of a firewall mark.'),
      client: text('The client’s address, or the name of the node.'),
      client_port: number('The client’s port.'),
      vip: text('The address that was asked.'),
      port: number('The port that was asked.'),
      server,
      state: text('`SYN_RECV`, `ESTABLISHED`, `FIN_WAIT`, `NONE`, …'),
      expires: number('Seconds until it is forgotten.'),
    },
  },
  counters: {
    about:
      'What IPVS counted since the step began: a record for each service, whose `server` is `all`, and one for each of its real servers.',
    fields: {
      on: director,
      service,
      server,
      connections: number('New connections.'),
      in_packets: number('Packets to the real servers.'),
      out_packets: number('Packets back, which only nat shows.'),
      in_bytes: number('Bytes to the real servers.'),
      out_bytes: number('Bytes back, which only nat shows.'),
    },
  },
  packets: {
    about: 'Frames that came in at the switches since the step began, in the order of time.',
    fields: {
      network: text('`front`, `back` or `remote`.'),
      by: text('The node whose NIC sent the frame.'),
      for: text('The node whose NIC it is for; `all` for a broadcast.'),
      from: text('The source address of the innermost packet, or the node that has it.'),
      to: text('The target address of the innermost packet, or the node that has it; `vip` for a VIP.'),
      protocol: text(
        'The innermost protocol that was read: `tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, `arp`, `ip` for others.',
      ),
      from_port: number('Source port.'),
      to_port: number('Target port.'),
      flags: text('Flags of TCP, in this order: `FIN SYN RST PSH ACK URG ECE CWR`, with spaces between them.'),
      tunnel: text('The encapsulation: `ipip`, `gre` or `gue`; `none` without one.'),
      fragment: flag('Whether it is a fragment.'),
      type: number('ICMP: type.'),
      code: number('ICMP: code.'),
      mtu: number('ICMP: the MTU that fits.'),
      size: number('Bytes of the outermost IP packet.'),
      data: number('Bytes of TCP or UDP data.'),
    },
  },
  log: {
    about: 'Lines of the kernel’s log since the first step began.',
    fields: { node: text('The node.'), line: text('The line, without its time.') },
  },
  command: {
    about: 'A command’s end. Without `run` it is that of the step; with `run` a command that only looks.',
    fields: {
      exit: number('Exit code.'),
      prints: text('All that it printed, on stdout and stderr.'),
    },
  },
  time: {
    about: 'How long the step took.',
    fields: { seconds: number('Seconds on the clock.') },
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

/** One thing that was seen. A list is several names of one thing: the address of a node, and its name. */
export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
