import test from 'ava';
import { judge } from '../../scripts/checks/judge.ts';
import { listeners } from '../../scripts/checks/listening/look.ts';
import type { Answer } from '../../scripts/checks/looks/answers.ts';
import { parseProcesses, processes } from '../../scripts/checks/looks/processes.ts';
import { reach } from '../../scripts/checks/reachable/look.ts';
import { planOf } from '../render/golden.ts';
import { healthy } from './healthy.ts';
import { hintText } from './hint-text.ts';
import { silence } from './silence.ts';

interface Case {
  servers?: string[];
  /** What the director got. */
  answer: Partial<Answer>;
  /** The processes of Apache on rs1: running by default. */
  apache?: 'none' | 'stopped';
  /** Where sockets listen on port 80 of rs1: everywhere by default. */
  at?: string[];
}

/** The hint of lab dr in which real servers, rs1 by default, answered the director in this way, and no client. */
async function hintOf({ servers = ['rs1'], answer: damage, apache, at }: Case): Promise<string> {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  for (const reached of seen.of(reach, 'director').values()) {
    for (const { server, answer } of reached) if (servers.includes(server)) Object.assign(answer ?? {}, damage);
  }
  silence(seen, ...servers);
  if (apache) seen.set(processes, 'rs1', apache === 'none' ? [] : [{ name: 'apache2', stopped: true }]);
  if (at) {
    const sockets = at.map((address) => ({ protocol: 'tcp', address, port: 80 }));
    seen.set(listeners, 'rs1', sockets);
  }
  return hintText(judge(plan, seen).find(({ id, ok }) => id === 'reachable' && !ok)?.hint, 'dr');
}

const none = { server: undefined, status: 0 };
const refused = { ...none, error: "Failed to connect to 192.168.1.4 port 80 after 2 ms: Couldn't connect to server" };
const late = { ...none, error: 'Connection timed out after 2001 milliseconds' };
const empty = { ...none, error: 'Operation timed out after 5001 milliseconds with 0 bytes received' };
const log = 'npx lab ssh dr rs1 -- tail /var/log/apache2/error.log; firewall';
const show = 'npx lab ssh dr rs1 -- systemctl status apache2';

const cases: [title: string, cause: string, Case][] = [
  ['a page that is forbidden', 'Apache on rs1 answers 403', { answer: { server: undefined, status: 403 } }],
  [
    'a page of somebody else',
    'Apache on rs1 answers 200, without the name of a real server',
    { answer: { server: undefined, status: 200 } },
  ],
  ['no process', 'Apache does not run on rs1', { answer: refused, apache: 'none', at: [] }],
  ['a closed port', 'nobody listens on port 80 of rs1 (Apache)', { answer: refused, at: [] }],
  [
    'a port that is open elsewhere',
    'port 80 of rs1 (Apache) is open, but not at the address 192.168.1.4',
    { answer: refused, at: ['192.168.1.3'] },
  ],
  ['a refusal in front of a socket', 'rs1 refuses at 192.168.1.4:80, where a socket listens', { answer: refused }],
  ['nothing, twice', 'nothing came back from rs1, rs2, port 80', { answer: late, servers: ['rs1', 'rs2'] }],
  ['half an answer', 'Apache on rs1 takes the connection and gives no whole answer', { answer: empty }],
  ['the answer of another one', 'at the address of rs1 rs2 answers', { answer: { server: 'rs2' } }],
];

for (const [title, cause, one] of cases) {
  test(`the director got ${title}: ${cause}`, async (t) => {
    const more = one.at || one.apache || !one.answer.error ? log : 'firewall';
    t.is(await hintOf(one), `${cause}; ${show}; ${more}`);
  });
}

test('an Apache whose processes are stopped is not called down, and the command lets it go on', async (t) => {
  t.is(
    await hintOf({ answer: empty, apache: 'stopped' }),
    `the processes of Apache on rs1 are stopped (state T); npx lab ssh dr rs1 -- systemctl kill --signal=CONT apache2; firewall`,
  );
});

test('a real server that serves clients and not the director passes with a warning, but not where health checks ask it', async (t) => {
  const reachableIn = async (lab: string) => {
    const plan = await planOf(lab);
    const seen = healthy(plan);
    for (const reached of seen.of(reach, 'director').values()) {
      for (const { server, answer } of reached) if (server === 'rs1') Object.assign(answer ?? {}, refused);
    }
    return judge(plan, seen).find(({ id }) => id === 'reachable');
  };
  t.like(await reachableIn('dr'), {
    ok: true,
    warning: `rs1: ${refused.error}; the clients’ requests are answered`,
  });
  t.like(await reachableIn('health'), { ok: false });
});

test('processes of daemons, and whether they are stopped, as /proc says', (t) => {
  const text = `/proc/net/tcp:   0: 0301A8C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 16010 1
/proc/412/stat:412 (apache2) T 1 412 412 0 -1 4194368 700 0 0 0 1 1 0 0 20 0 1 0 100 7000000 1000
/proc/413/stat:413 (a (b) c) S 1 412 412 0 -1 4194368 700 0 0 0 1 1 0 0 20 0 1 0 100 7000000 1000
`;
  t.deepEqual(parseProcesses(text), [
    { name: 'apache2', stopped: true },
    { name: 'a (b) c', stopped: false },
  ]);
});
