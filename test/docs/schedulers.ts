import { picksOf } from '../../scripts/actions/simulate.ts';
import { type Predictable, schedulerWords } from '../../scripts/model/schedulers.ts';
import { type Scheduler, schedulers } from '../../scripts/model/words.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';

const head = `# Schedulers

A service has one scheduler (\`scheduler:\` in the lab file, \`-s\` of ipvsadm). It chooses the real server of each new
connection; all later packets of a connection follow the first one. This page says what each scheduler of the kernel does.
The examples are computed, like the output of \`npx lab simulate NAME\`. \`npx lab run schedulers --scheduler wlc\` shows on
machines that the kernel agrees.

Four things hold for all of them:

- **Order.** A service has a list of its real servers. IPVS puts each new one at its head, so the one that was added last is
  first in the list: of rs1, rs2 and rs3 that is rs3. If a rule below fits several real servers, the first in the list is chosen.
- **Weight.** A real server with weight 0 gets no new connection. Other weights count where the text says so.
- **Thresholds.** A real server with as many connections as its upper threshold (\`ipvsadm -x\`) gets none until it has
  fewer than the lower one (\`-y\`; without one, three quarters of the upper).
- **Persistence** comes first: a client that IPVS remembers stays with its real server, and the scheduler is not asked.

Below, the **load** of a real server is 257 for each active connection and 1 for each closed connection that IPVS remembers (with
TCP for two minutes). Before Linux 6.1.183, 6.12.104 and 7.2 an active connection was 256; \`lab verify\` looks which kernel it is.

In the examples rs1, rs2 and rs3 have weights 3, 2 and 1. "Closed" means that the client closes each connection before the
next one. "Held" means that it keeps all of them open (\`--hold\`).
`;

/** docs/schedulers.md: the description of each scheduler, with an example. */
export function schedulersPage(): string {
  return `${[head, ...schedulers.map(section)].join('\n')}`;
}

function section(scheduler: Scheduler): string {
  const { does, hashes } = schedulerWords[scheduler];
  return [
    `## ${scheduler}\n`,
    `${wrapLines(does, 110).replace(/\n +/g, '\n')}\n`,
    ...(scheduler === 'twos' ? [] : [`${example(scheduler, hashes === 'client' ? 8 : 1)}\n`]),
  ].join('\n');
}

function example(scheduler: Predictable, clients: number): string {
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

function picks(scheduler: Predictable, clients: number, hold: boolean): string {
  const found = picksOf(scheduler, { weights: [3, 2, 1], requests: 8, hold, flags: [], clients });
  return found.map((name) => name ?? 'refused').join(' ');
}
