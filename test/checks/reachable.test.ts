import test from 'ava';
import { judge } from '../../scripts/checks/judge.ts';
import type { Answer } from '../../scripts/checks/looks/answers.ts';
import { reach } from '../../scripts/checks/reachable/look.ts';
import { planOf } from '../render/golden.ts';
import { healthy } from './healthy.ts';
import { hintText } from './hint-text.ts';

/** The hint of lab dr in which these real servers answered the director in this way. */
async function hintOf(servers: string[], damage: Partial<Answer>): Promise<string> {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  for (const reached of seen.of(reach, 'director').values()) {
    for (const { server, answer } of reached) if (servers.includes(server)) Object.assign(answer ?? {}, damage);
  }
  return hintText(judge(plan, seen).find(({ id, ok }) => id === 'reachable' && !ok)?.hint, 'dr');
}

const commands =
  'npx lab ssh dr rs1 -- systemctl status apache2; npx lab ssh dr rs1 -- tail /var/log/apache2/error.log; firewall';

test('a web server that answers 403 is not called down', async (t) => {
  t.is(
    await hintOf(['rs1'], { server: undefined, status: 403 }),
    `port 80 of rs1 (Apache): status 403, without the name of a real server; ${commands}`,
  );
});

test('a missing connection and a late answer are reported as such, once for all real servers', async (t) => {
  const none = { server: undefined, status: 0 };
  t.is(
    await hintOf(['rs1', 'rs2'], {
      ...none,
      error: "Failed to connect to 192.168.1.4 port 80 after 2 ms: Couldn't connect",
    }),
    `port 80 of rs1, rs2 (Apache): Couldn't connect; ${commands}`,
  );
  t.is(
    await hintOf(['rs1'], { ...none, error: 'Connection timed out after 2001 milliseconds' }),
    `port 80 of rs1 (Apache): Connection timed out; ${commands}`,
  );
});

test('another real server that answers at this address is named', async (t) => {
  t.is(await hintOf(['rs1'], { server: 'rs2' }), `port 80 of rs1 (Apache): rs2 answers there; ${commands}`);
});
