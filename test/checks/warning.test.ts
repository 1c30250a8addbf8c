import test from 'ava';
import { type Check, eachRealServer } from '../../scripts/checks/check.ts';
import { widthOf } from '../../scripts/report/wrap.ts';
import { planOf } from '../render/golden.ts';
import { screenOf } from '../report/screen-of.ts';
import { healthy } from './healthy.ts';

const servers = ['rs1', 'rs2', 'rs3'].map((node) => ({ node }));
const hint = (wrong: { node: string }[]) => ({ cause: wrong.map(({ node }) => node).join(), commands: [], see: [] });

/** The outcome where these real servers are not as planned, and those work all the same. */
function outcome(different: string[], working: string[]) {
  const works = ({ node }: { node: string }) => working.includes(node);
  const observe = ({ node }: { node: string }) => ({ ok: !different.includes(node), observed: 'different' });
  return eachRealServer(servers, { title: 'as planned', expected: 'the plan', hint, works }, observe);
}

test('what works in another way than planned passes with a warning, and what does not work fails', (t) => {
  const passed = { title: 'as planned', expected: 'the plan', ok: true, observed: 'rs1, rs2, rs3' };
  t.deepEqual(outcome([], []), [passed]);
  const warning = 'rs1: different; it works in this way';
  t.deepEqual(outcome(['rs1'], ['rs1', 'rs2']), [{ ...passed, warning }]);
  const failed = { title: 'as planned', expected: 'the plan', ok: false };
  t.deepEqual(outcome(['rs1', 'rs2'], ['rs1']), [
    { ...failed, observed: 'rs2: different', warning, hint: hint([{ node: 'rs2' }]) },
  ]);
});

test('a warning is marked in the table, explained below it, and counted in the last line', async (t) => {
  const plan = await planOf('dr');
  const told = 'rs1: eth0 sends packets of 576 bytes at most, and requests and answers of 20,000 bytes pass';
  const warned = (check: Check) => (check.id === 'mtu' ? { ...check, warning: told } : check);
  const lines = screenOf(plan, healthy(plan), warned);
  const text = lines.join('\n');
  t.regex(text, /\n {2}! {2}mtu +lab NICs send/);
  t.regex(
    text,
    /\n {2}! mtu\n {6}warning {3}rs1: eth0 sends packets of 576 bytes at most, and requests and\n {16}answers/,
  );
  t.regex(text, /\n {2}PASSED {2}all \d+ checks, 1 warning {2}in 5\.8 s$/);
  t.deepEqual(
    lines.filter((line) => widthOf(line) > 80),
    [],
  );
});
