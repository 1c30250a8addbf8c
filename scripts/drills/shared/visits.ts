import { type Plan, type PlannedSite, theNode } from '../../plan/plan.ts';
import type { NodeRunner } from './node-runner.ts';
import { parseVisits, type Visit } from './visits-seen.ts';

/** A page to ask for, and the words that belong to it. */
export interface AskedPage {
  kind: string;
  words: string;
  url: string;
}

/** Words of the site's first page. */
const firstPage = {
  static: '<h1>The site</h1>',
  php: 'This page was made by PHP',
  wordpress: '<title>LVS lab</title>',
} as const;

/**
 * Seconds that a page may take. WordPress' first page reads hundreds of files, and over OCFS2 each of them is a lock that all
 * nodes have to agree on: 21 s were seen on emulated machines of a slow host.
 */
export const pageSeconds = 180;

/** The client asks for these pages, one after the other. */
export async function visit(plan: Plan, { read }: NodeRunner, visits: readonly AskedPage[]): Promise<Visit[]> {
  const { name } = theNode(plan, 'client');
  return parseVisits(await read(name, 'drills/shared/visits', { visits, seconds: pageSeconds }));
}

/** The client asks for the site's first page, `count` times. */
export function visitFirstPage(plan: Plan, nodes: NodeRunner, site: PlannedSite, count: number): Promise<Visit[]> {
  const page = { kind: 'page', words: firstPage[site.pages], url: `${site.url}/` };
  return visit(plan, nodes, Array<AskedPage>(count).fill(page));
}
