import { type Plan, type PlannedSite, theNode } from '../../plan/plan.ts';
import type { OnNode } from './on-node.ts';
import { parseVisits, type Visit } from './visits-seen.ts';

/** What is asked for, and what is on it. */
export interface AskedPage {
  kind: string;
  words: string;
  url: string;
}

/** What is on the site's first page. */
const firstPage = {
  static: '<h1>The site</h1>',
  php: 'This page was made by PHP',
  wordpress: '<title>LVS lab</title>',
} as const;

/**
 * How long a page may take. WordPress' first one reads hundreds of files, and over OCFS2 each of them is a lock that all nodes are
 * asked for: 21 s were seen on emulated machines of a slow host.
 */
export const pageSeconds = 180;

/** The client asks for these pages, one after the other. */
export async function visit(plan: Plan, onNode: OnNode, visits: readonly AskedPage[]): Promise<Visit[]> {
  const { name } = theNode(plan, 'client');
  return parseVisits(await onNode(name, 'drills/shared/visits', { visits, seconds: pageSeconds }));
}

/** Asks for the site's first page, so many times. */
export function visitFirstPage(plan: Plan, onNode: OnNode, site: PlannedSite, count: number): Promise<Visit[]> {
  const page = { kind: 'page', words: firstPage[site.pages], url: `${site.url}/` };
  return visit(
    plan,
    onNode,
    Array.from({ length: count }, () => page),
  );
}
