import { escaped } from '../path/markup.ts';
import type { Plan } from '../plan/plan.ts';
import { layoutOf, type PlacedNode, shortName } from './layout.ts';
import type { PageWords } from './words.ts';

/** How answers of a real server get to the client: through the director, or past it. */
export type WayBack = 'director' | 'direct';

/**
 * The drawing of a lab. Each node is a group with its name in `data-node`, and has a text in the class `note`, which the live page
 * fills in.
 * @param notes what is written in the box of a node
 */
export function topologySvg(plan: Plan, words: PageWords, notes: (node: string) => string): string {
  const layout = layoutOf(plan);
  const networks = layout.networks.map(({ name, cidr, y }) => {
    const label = `${words.networks[name] ?? name} ${cidr}`;
    return `<line class="network" x1="8" y1="${y}" x2="${layout.width - 8}" y2="${y}"/><text class="cidr" x="12" y="${y - 7}">${escaped(label)}</text>`;
  });
  const wires = layout.nodes.flatMap(wiresOf);
  const boxes = layout.nodes.map((one) => box(plan, one, words, notes(one.node.name)));
  return [
    `<svg class="topology${layout.width > 1200 ? ' large' : ''}" viewBox="0 0 ${layout.width} ${layout.height}" role="img" aria-labelledby="topology-title">`,
    `<title id="topology-title">${escaped(describe(plan, words))}</title>`,
    ...wires,
    ...networks,
    ...boxes,
    '<g class="flights"></g>',
    '</svg>',
  ].join('\n');
}

/** The drawing in a sentence, for those who do not see it. */
function describe({ nodes, networks }: Plan, words: PageWords): string {
  return networks
    .map(({ name, cidr }) => {
      const on = nodes.filter(({ nics }) => nics.some(({ network }) => network === name));
      return `${words.networks[name] ?? name} ${cidr}: ${on.map(({ name: node }) => node).join(', ')}`;
    })
    .join('. ');
}

function wiresOf({ x, y, wires }: PlacedNode): string[] {
  return wires.map((to) => `<line class="wire" x1="${x}" y1="${y}" x2="${x}" y2="${to}"/>`);
}

function box(plan: Plan, { node, x, y, width, height, lines }: PlacedNode, words: PageWords, note: string): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const role = words.roles[node.role];
  const full = `${node.name} · ${role}`;
  // The role is there where it says more than the name, and has a place: a letter of the name is ten pixels wide.
  const hasRole = node.name !== role.toLowerCase() && full.length * 10 <= width;
  const name = hasRole ? full : shortName(node.name);
  const back = wayBack(plan, node.name);
  return [
    `<g class="node ${node.role}" data-node="${escaped(node.name)}" data-x="${x}" data-y="${y}"${back ? ` data-back="${back}"` : ''}>`,
    `<title>${escaped(full)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="7"/>`,
    `<text class="name" x="${x}" y="${top + 19}">${escaped(name)}</text>`,
    ...lines.map((line, at) => `<text class="address" x="${x}" y="${top + 37 + at * 17}">${escaped(line)}</text>`),
    `<text class="note" x="${x}" y="${top + height - 9}">${escaped(note)}</text>`,
    '</g>',
  ].join('');
}

function wayBack({ realServers }: Plan, node: string): WayBack | undefined {
  const server = realServers.find((one) => one.node === node && !one.local);
  return server && (server.mode === 'nat' ? 'director' : 'direct');
}
