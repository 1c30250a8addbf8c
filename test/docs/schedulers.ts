import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import { type Scheduler, schedulers } from '../../scripts/model/words.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';

const head = `# Schedulers

A service has one scheduler (\`scheduler:\` in the lab file, \`-s\` of ipvsadm). It chooses the real server of each new
connection; all later packets of a connection follow the first one. This page says what each scheduler of the kernel does.
The examples are computed, as \`npx lab simulate NAME\` does; on machines \`npx lab run schedulers --scheduler wlc\` shows
that the kernel agrees.

Four things hold for all of them:

- **Order.** A service has a list of its real servers. IPVS puts each new one at its head, so the one that was added last is
  first in the list: of rs1, rs2 and rs3 that is rs3. Where a rule below leaves a choice, the first in the list gets it.
- **Weight.** A real server with weight 0 gets no new connection. Higher weights count where the text says so.
- **Thresholds.** A real server with as many connections as its upper threshold (\`ipvsadm -x\`) gets none until it has
  fewer than the lower one (\`-y\`; without one, three quarters of the upper).
- **Persistence** comes first: a client that IPVS remembers stays with its real server, and the scheduler is not asked.

**Load**, below, is 256 for each active connection and 1 for each that was closed and is remembered, which takes two minutes
by TCP.

In the examples rs1, rs2 and rs3 have weights 3, 2 and 1. Closed: the client closes each connection before the next
one. Held: it keeps them all open (\`--hold\`).
`;

interface Explained {
  /** What it does: sentences. */
  does: string;
  /** Client addresses that take turns in its example, where the client matters. */
  clients?: number;
}

/** From the kernel's net/netfilter/ipvs/ip_vs_NAME.c, as scripts/ipvs/oracle/ has it. */
const explained: Record<Scheduler, Explained> = {
  rr: { does: 'Round robin: each real server in turn, whatever the weights.' },
  wrr: { does: 'Weighted round robin: in turn, each as often as its weight says: of six connections 3, 2 and 1.' },
  lc: { does: 'Least connection: the one with the least load, whatever the weights.' },
  wlc: {
    does: 'Weighted least connection: the one with the least load, divided by its weight. ipvsadm takes it when it is told none.',
  },
  lblc: {
    does: 'Locality-based least connection, for caches: the address that clients ask stays with one real server, which is first chosen as by wlc. It moves, again as by wlc, when that one has more active connections than its weight while another has fewer than half of its weight. A service with one VIP has one such address; a service by mark may have many.',
  },
  lblcr: {
    does: 'The same with replication: the address has a set of real servers, and the least loaded of the set (by weight) gets the connection. When that is overloaded in the sense of lblc, the least loaded of all joins the set.',
  },
  dh: {
    does: 'Destination hashing: a table of 256 places, filled by the real servers in turn, and a hash of the address that clients ask. With one VIP one real server gets everything.',
  },
  sh: {
    does: 'Source hashing: the same with a hash of the client’s address, and places by weight. So a client stays with one real server, without persistence. Flag `sh-port` adds the client’s port to the hash; with `sh-fallback` another real server is tried where the first may not get the connection, which is else refused.',
    clients: 8,
  },
  sed: {
    does: 'Shortest expected delay: the one with the least (active connections + 1) / weight. Closed connections do not count, so whoever closes each before the next always meets the heaviest.',
  },
  nq: {
    does: 'Never queue: the first in the list without an active connection, whatever its weight; when all have some, as sed.',
  },
  fo: {
    does: 'Weighted failover: always the one with the highest weight. Another gets connections only when that one is gone, full (upper threshold) or has weight 0.',
  },
  ovf: {
    does: 'Weighted overflow: the one with the highest weight among those that have no more active connections than their weight. When all have more, the connection is refused.',
  },
  mh: {
    does: 'Maglev hashing: source hashing by a table of 4093 places, made so that few clients change their real server when one comes or goes. Directors with the same table choose alike. Flags `mh-port` and `mh-fallback` are as those of sh.',
    clients: 8,
  },
  twos: {
    does: 'The power of two choices: draws two real servers at random, heavier ones more often, and takes the one with less load for its weight. Nobody can predict it.',
  },
};

/** docs/schedulers.md: each scheduler in a sentence or two, with an example. */
export function schedulersPage(): string {
  return `${[head, ...schedulers.map(section)].join('\n')}`;
}

function section(scheduler: Scheduler): string {
  const { does, clients = 1 } = explained[scheduler];
  return [
    `## ${scheduler}\n`,
    `${wrapLines(does, 110).replace(/\n +/g, '\n')}\n`,
    ...(scheduler === 'twos' ? [] : [`${example(scheduler, clients)}\n`]),
  ].join('\n');
}

function example(scheduler: Exclude<Scheduler, 'twos'>, clients: number): string {
  const command = `npx lab simulate ${scheduler} --weights 3,2,1`;
  if (clients > 1) {
    return [
      `    ${command} --clients ${clients}`,
      `Eight connections, each from another client: ${picks(scheduler, clients, false)}.`,
    ].join('\n\n');
  }
  const [closed, held] = [picks(scheduler, clients, false), picks(scheduler, clients, true)];
  const commands = `    ${command}\n    ${command} --hold`;
  return [commands, closed === held ? `Closed and held: ${closed}.` : `Closed: ${closed}.\\\nHeld: ${held}.`].join(
    '\n\n',
  );
}

/** As `lab simulate` has it: the same addresses and ports, which hashes are made of. */
function picks(scheduler: Scheduler, clients: number, held: boolean): string {
  const servers = [3, 2, 1].map((weight, at) => ({
    name: `rs${at + 1}`,
    address: `192.168.1.${4 + at}`,
    port: 80,
    weight,
  }));
  const connections = Array.from({ length: 8 }, (_, at) => ({
    client: `192.168.1.${100 + (at % clients)}`,
    clientPort: 10_000 + at,
    held,
  }));
  const found = simulate({ vip: '192.168.1.3', scheduler, flags: [], servers }, connections);
  return found.map((name) => name ?? 'refused').join(' ');
}
