import test from 'ava';
import { layoutOf } from '../../scripts/page/layout.ts';
import { topologySvg } from '../../scripts/page/topology.ts';
import { pageWords } from '../../scripts/page/words.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { sizedPlan } from './reports.ts';

/** Labs of every size that a lab file can ask for. */
async function plans(): Promise<Plan[]> {
  const counts = Array.from({ length: 16 }, (_, at) => at + 1);
  const sized = ['dr', 'nat', 'ipv6-tun'].flatMap((lab) => counts.map((realServers) => sizedPlan(lab, realServers)));
  return [...(await Promise.all((await allLabs()).map(planOf))), ...(await Promise.all(sized))];
}

test('each node of every lab has a box; boxes do not overlap, and are inside of the drawing', async (t) => {
  for (const plan of await plans()) {
    const { nodes, width, height, networks } = layoutOf(plan);
    t.deepEqual(nodes.map(({ node }) => node.name).sort(), plan.nodes.map(({ name }) => name).sort(), plan.lab);
    for (const one of nodes) {
      t.true(one.x - one.width / 2 >= 0 && one.x + one.width / 2 <= width, `${plan.lab}: ${one.node.name}`);
      t.true(one.y - one.height / 2 >= 0 && one.y + one.height / 2 <= height, `${plan.lab}: ${one.node.name}`);
      for (const other of nodes.filter((each) => each !== one)) {
        const apart =
          Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
          Math.abs(one.y - other.y) >= (one.height + other.height) / 2;
        t.true(apart, `${plan.lab}: ${one.node.name} and ${other.node.name}`);
      }
      for (const { y } of networks) t.true(Math.abs(one.y - y) >= one.height / 2, `${plan.lab}: ${one.node.name}`);
    }
  }
});

test('no wire crosses a box of another node', async (t) => {
  for (const plan of await plans()) {
    const { nodes } = layoutOf(plan);
    for (const { node, x, y, wires } of nodes) {
      for (const other of nodes.filter((each) => each.node !== node && Math.abs(each.x - x) < each.width / 2)) {
        for (const to of wires) {
          const between = other.y > Math.min(y, to) && other.y < Math.max(y, to);
          t.false(between, `${plan.lab}: ${node.name} behind ${other.node.name}`);
        }
      }
    }
  }
});

test('each text of the drawing fits into its box, also of IPv6, of sixteen real servers and of long names', async (t) => {
  const long = await sizedPlan('ipv6-dr', 16);
  const named = structuredClone(long);
  for (const node of named.nodes) {
    node.name = `${node.name}-of-a-class-that-has-a-very-long-name`;
    for (const nic of node.nics) nic.address = '2001:db8:1234:5678:9abc:def0:1234:5678';
  }
  for (const plan of [...(await plans()), long, named]) {
    const svg = topologySvg(plan, pageWords.en, () => '');
    const { nodes, width } = layoutOf(plan);
    for (const one of nodes) {
      t.true(one.x - one.width / 2 >= 0 && one.x + one.width / 2 <= width);
      // In DejaVu Sans, the widest font that browsers take for system-ui.
      for (const line of one.lines) t.true(widthIn(line, 13) <= one.width, `${plan.lab}: ${line} in ${one.width}`);
    }
    for (const [, x, text = ''] of svg.matchAll(/<text class="name" x="([\d.]+)"[^>]*>([^<]*)</g)) {
      const box = nodes.find((one) => one.x === Number(x) && text.startsWith(one.node.name.slice(0, 20)));
      t.true(box !== undefined && widthIn(text, 15) <= box.width, `${plan.lab}: ${text} in ${box?.width}`);
    }
  }
});

function widthIn(text: string, size: number): number {
  const points = text.match(/[.:, ]/g)?.length ?? 0;
  return (points * 0.34 + (text.length - points) * 0.636) * size;
}
