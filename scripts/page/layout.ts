import { type Plan, type PlannedNetwork, type PlannedNode, vipsOf } from '../plan/plan.ts';

/** Where things are in the drawing of a lab, in pixels. */
export interface Layout {
  width: number;
  height: number;
  networks: (PlannedNetwork & { y: number })[];
  nodes: PlacedNode[];
}

export interface PlacedNode {
  node: PlannedNode;
  /** Centre. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Addresses, the VIPs last. */
  lines: string[];
  /** The networks that it is on: how far down, or up, a line leads. */
  wires: number[];
}

/** The least width; a lab of long names or addresses has more. */
const least = 960;
/** `line` is the height of a line of text; `note` that of what a page says below it; `gap` lies between a box and a network. */
const size = { head: 26, line: 17, note: 22, gap: 26, wide: 172, row: 8, between: 14 };
/** A name that is longer is cut off. */
const longestName = 24;

/**
 * Networks are lines from side to side. A node of one network is above it if it sends requests, or passes them on, and below it if
 * it answers them. A node of two networks is between them.
 */
export function layoutOf(plan: Plan): Layout {
  const drawn = new Map<string, number>();
  const width = widthOf(plan);
  const nodes: PlacedNode[] = [];
  let y = 8;
  plan.networks.forEach(({ name }, at) => {
    y = placeRow(nodes, nodesAbove(plan, at), plan, { top: y, width });
    drawn.set(name, y);
  });
  const below = plan.nodes.filter((one) => !nodes.some(({ node }) => node === one));
  const height = placeRow(nodes, below, plan, { top: y + size.gap, width }) - size.gap + 8;
  return {
    width,
    height,
    networks: plan.networks.map((one) => ({ ...one, y: drawn.get(one.name) ?? 0 })),
    nodes: nodes.map((one) => ({
      ...one,
      wires: [...new Set(one.node.nics.map(({ network }) => drawn.get(network) ?? 0))],
    })),
  };
}

/** A drawing is so wide that each text fits into its box. */
function widthOf(plan: Plan): number {
  const above = plan.networks.map((_, at) => nodesAbove(plan, at));
  const below = plan.nodes.filter((node) => !above.some((row) => row.includes(node)));
  const wishes = [...above, below].map((row) => {
    const widest = Math.max(0, ...row.map((node) => textWidth(plan, node)));
    return columnsOf(row.length) * (Math.ceil(widest) + size.between);
  });
  return Math.max(least, ...wishes);
}

/** With several rows every other one is moved by half a box, so that the lines of one row pass between the boxes of the other. */
function columnsOf(count: number): number {
  return count > size.row ? size.row + 0.5 : count;
}

/** About how wide the texts of a node are, in a font that is rather wide. */
function textWidth(plan: Plan, node: PlannedNode): number {
  const widthIn = (text: string, narrow: number, other: number) =>
    [...text].reduce((sum, letter) => sum + (/[.:,·ilj ]/.test(letter) ? narrow : other), 8);
  return Math.max(
    widthIn(shortName(node.name), 5.6, 10),
    ...linesOf(plan, node).map((line) => widthIn(line, 4.4, 8.6)),
  );
}

/** A name as it is written in a box. */
export function shortName(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

/** The nodes in the row above a network: below the one before. */
function nodesAbove({ networks, nodes }: Plan, at: number): PlannedNode[] {
  return nodes.filter(({ role, nics }) => {
    const on = nics.map(({ network }) => networks.findIndex(({ name }) => name === network));
    const [least, most] = [Math.min(...on), Math.max(...on)];
    const answers = role === 'real-server' || role === 'site-server';
    return (least === most && answers ? most + 1 : most) === at;
  });
}

/** Places nodes side by side, eight in a row at most. @returns where the network below them is */
function placeRow(
  placed: PlacedNode[],
  nodes: readonly PlannedNode[],
  plan: Plan,
  { top, width }: { top: number; width: number },
): number {
  let y = top;
  const widest = Math.max(0, ...nodes.map((node) => textWidth(plan, node)));
  const rows = Math.ceil(nodes.length / size.row);
  for (let row = 0; row < rows; row++) {
    const some = nodes.slice(row * size.row, (row + 1) * size.row);
    const pitch = width / columnsOf(nodes.length);
    const wide = Math.min(Math.max(size.wide, widest), pitch - size.between);
    const lines = some.map((node) => linesOf(plan, node));
    const height = size.head + Math.max(...lines.map(({ length }) => length)) * size.line + size.note;
    const shift = rows > 1 && row % 2 === 1 ? 1 : 0.5;
    some.forEach((node, at) => {
      const x = Math.round((at + (rows > 1 ? shift : 0.5)) * pitch);
      placed.push({ node, x, y: y + height / 2, width: wide, height, lines: lines[at] ?? [], wires: [] });
    });
    y += height + size.gap;
  }
  return rows > 0 ? y : y + size.gap;
}

function linesOf(plan: Plan, { role, nics }: PlannedNode): string[] {
  const vips = role === 'director' ? vipsOf(plan).map((vip) => `VIP ${vip}`) : [];
  return [...nics.map(({ address }) => address), ...vips];
}
