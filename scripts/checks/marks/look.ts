import { theNode } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** The director's rules that set firewall marks, as nft lists them; '' without rules. */
export const marksLook: Look<string> = {
  name: 'marks',
  about: 'nft list table inet lvs_lab_marks on the director, where a service is known by a firewall mark',
  on: (plan, { name }) =>
    name === theNode(plan, 'director').name && plan.services.some(({ fwmark }) => fwmark > 0) ? {} : undefined,
  templates: { after: 'checks/marks/list' },
  parse: (printed) => printed.in('after'),
};
