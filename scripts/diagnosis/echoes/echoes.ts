/** The pings (ICMP echo requests) to one machine, and which of them were answered. */
export interface Echoes {
  sent: number;
  /** Sequence numbers of those that were answered, each once. They begin with 1. */
  back: number[];
  /** The milliseconds until each of these answers. */
  times: number[];
  /** Pings that were answered more than once. */
  duplicates: number;
  /** Pings whose answer came after the answer to a later ping. */
  overtaken: number;
  /** The sender's own kernel refused to send them, because they are longer than the MTU that it knows. */
  tooLong: boolean;
}

/** The pings over the line of a machine. */
export interface LineSeen {
  node: string;
  short: Echoes;
  long: Echoes;
}

/** Reads what `ask.hbs` printed: for each machine `@@echo NODE short` and the output of ping(8), then the same for `long`. */
export function parseEchoes(text: string): LineSeen[] {
  const parts = new Map(
    text.split(/^@@echo /m).flatMap((part) => {
      const [, node = '', kind = ''] = /^(\S+) (short|long)\n/.exec(part) ?? [];
      return node ? [[`${node} ${kind}`, part] as const] : [];
    }),
  );
  const nodes = [...new Set([...parts.keys()].map((key) => key.split(' ')[0] ?? ''))];
  return nodes.map((node) => ({
    node,
    short: echoesIn(parts.get(`${node} short`) ?? ''),
    long: echoesIn(parts.get(`${node} long`) ?? ''),
  }));
}

/** Reads lines like `64 bytes from 192.168.1.4: icmp_seq=3 ttl=64 time=1.2 ms`. `(DUP!)` at the end marks a second answer. */
function echoesIn(text: string): Echoes {
  const found: Echoes = {
    sent: Number(/^(\d+) packets transmitted/m.exec(text)?.[1] ?? 0),
    ...{ back: [], times: [], duplicates: 0, overtaken: 0 },
    tooLong: /message too long|mtu ?[=:] ?\d+/i.test(text),
  };
  let last = 0;
  for (const [, number, time] of text.matchAll(/icmp_seq=(\d+) ttl=\d+ time=([\d.]+) ms/g)) {
    const at = Number(number);
    if (found.back.includes(at)) {
      found.duplicates++;
      continue;
    }
    found.back.push(at);
    if (at < last) found.overtaken++;
    last = Math.max(last, at);
    found.times.push(Number(time));
  }
  return found;
}

/** Lengths of the rows of pings without an answer. */
export function lostRows({ sent, back }: Echoes): number[] {
  const rows: number[] = [];
  let row = 0;
  for (let at = 1; at <= sent + 1; at++) {
    if (at <= sent && !back.includes(at)) row++;
    else if (row > 0) {
      rows.push(row);
      row = 0;
    }
  }
  return rows;
}
