/** What a machine heard on its network. */
export interface Heard {
  /** The first packet of each answer. */
  replies: Reply[];
  /** RST of TCP, ABORT of SCTP: nobody takes the connection. */
  refusals: Reply[];
  /** The port from which each connection was tried: it is here again when its first packet was sent again. */
  tries: number[];
  /** ICMP errors. */
  complaints: Complaint[];
  /** Who said in ARP, or in neighbour discovery, that it has an address. */
  claims: Claim[];
}

/** A packet of a server. */
export interface Reply {
  /** MAC of the NIC that sent it. */
  sender: string;
  source: string;
  sourcePort: number;
  /** The client's port. */
  localPort: number;
}

export interface Complaint {
  sender: string;
  /** As tcpdump prints it: `ICMP 192.168.1.3 tcp port 80 unreachable`. */
  text: string;
}

/** Whether an ICMP error says that a packet is too large for what lies ahead: a tunnel, a smaller MTU. */
export function isTooLarge({ text }: Complaint): boolean {
  return /need to frag|too big/.test(text);
}

export interface Claim {
  mac: string;
  address: string;
  /** It asked who has another address, and named this one as its own. Otherwise it answered. */
  asked: boolean;
}

const packet = /^\S+ ([0-9a-f:]{17}) > \S+, .*?: ([0-9a-f.:]+)\.(\d+) > [0-9a-f.:]+\.(\d+): (.*)$/;

/**
 * Lines of tcpdump -e -n:
 * - `TIME SRC-MAC > DST-MAC, ethertype IPv4 (0x0800), length 74: SRC.PORT > DST.PORT: Flags [S.], …`
 * - `… ethertype ARP (0x0806), length 42: Request who-has 192.168.1.100 tell 192.168.1.4, length 28`; `Reply ADDRESS is-at MAC`
 * - `… length 86: fd00:1::4 > fd00:1::100: ICMP6, neighbor advertisement, tgt is fd00:1::4, length 32`
 */
export function parseHeard(text: string): Heard {
  const heard: Heard = { replies: [], refusals: [], tries: [], complaints: [], claims: [] };
  for (const line of text.split('\n')) {
    const [, sender = ''] = /^\S+ ([0-9a-f:]{17}) > /.exec(line) ?? [];
    if (!sender) continue;
    const claim = claimIn(line, sender);
    const [, complaint] = /: (ICMP6?,? (?!neighbor|echo).*), length \d+$/.exec(line) ?? [];
    if (claim) heard.claims.push(claim);
    else if (complaint) heard.complaints.push({ sender, text: complaint.replace('ICMP6,', 'ICMPv6') });
    else hear(heard, line);
  }
  return heard;
}

function claimIn(line: string, sender: string): Claim | undefined {
  const [, address, mac = ''] = /: Reply (\S+) is-at ([0-9a-f:]{17})/.exec(line) ?? [];
  if (address) return { mac, address, asked: false };
  const [, asking] = / tell ([0-9.]+),/.exec(line) ?? [];
  if (asking) return { mac: sender, address: asking, asked: true };
  const [, advertised] = /neighbor advertisement, tgt is ([0-9a-f:]+),/.exec(line) ?? [];
  return advertised ? { mac: sender, address: advertised, asked: false } : undefined;
}

function hear(heard: Heard, line: string): void {
  const [, sender = '', source = '', from, to, rest = ''] = packet.exec(line) ?? [];
  if (!sender) return;
  const reply: Reply = { sender, source, sourcePort: Number(from), localPort: Number(to) };
  const [, flags = ''] = /^Flags \[(\S+)\]/.exec(rest) ?? [];
  if (flags === 'S' || /\[INIT\]/.test(rest)) heard.tries.push(Number(from));
  else if (flags.includes('R') || /\[ABORT\]/.test(rest)) heard.refusals.push(reply);
  else heard.replies.push(reply);
}
