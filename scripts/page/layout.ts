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

const width = 960;
/** `line` is the height of a line of text; `note` that of what a page says below it; `gap` lies between a box and a network. */
const size = { head: 26, line: 17, note: 22, gap: 26, most: 172, row: 8 };

/**
 * Networks are lines from side to side. A node of one network is above it if it sends requests, or passes them on, and below it if
 * it answers them. A node of two networks is between them.
 */
export function layoutOf(plan: Plan): Layout {
  const drawn = new Map<string, number>();
  const nodes: PlacedNode[] = [];
  let y = 8;
  plan.networks.forEach(({ name }, at) => {
    y = placeRow(nodes, nodesAbove(plan, at), plan, y);
    drawn.set(name, y);
  });
  const below = plan.nodes.filter((one) => !nodes.some(({ node }) => node === one));
  const height = placeRow(nodes, below, plan, y + size.gap) - size.gap + 8;
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
function placeRow(placed: PlacedNode[], nodes: readonly PlannedNode[], plan: Plan, top: number): number {
  let y = top;
  const rows = Math.ceil(nodes.length / size.row);
  for (let row = 0; row < rows; row++) {
    const some = nodes.slice(row * size.row, (row + 1) * size.row);
    // With several rows every other one is moved by half a box, so that the lines of one row pass between the boxes of the other.
    const columns = rows > 1 ? size.row + 0.5 : some.length;
    const pitch = width / columns;
    const wide = Math.min(size.most, pitch - 14);
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
