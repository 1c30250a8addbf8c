import { checksOfPages } from '../backends/health-checks.ts';
import { tableOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { serverInKernel } from './kernel-table.ts';
import { hasPages } from './pages.ts';
import { changed, type Sign } from './sign.ts';
import { fails } from './symptom.ts';

/** Another page is asked for, and none of the real servers with pages is left with a weight. */
const allOut: Sign = (change) => {
  const pages = (text = '') =>
    (text.match(/^\s*(request|path|url)\b.*$/gm) ?? []).map((line) => line.trim()).join('\n');
  const tables = change.plan.services.filter(hasPages).map(tableOf);
  const inTable = tables.some(({ name, servers }) =>
    servers.some(({ address, port }) => {
      const value = change.after.of('ipvs', `${name} -r ${joinAddress(address, port)}`);
      return value !== undefined && !/-w 0( |$)/.test(value);
    }),
  );
  if (inTable) return [];
  return changed(
    'file',
    /(ldirectord\.cf|keepalived\.conf)$/,
    {},
  )(change).filter(({ before, after }) => pages(before) !== pages(after));
};

export const checkPageWrong: Fault = {
  id: 'check-page-wrong',
  family: 'application',
  title: 'health checks ask for a page that no real server has',
  cause: 'Every real server fails its health check and is taken out, although each of them serves its pages.',
  sign: allOut,
  places: (plan) => {
    const [service] = plan.services.filter(hasPages);
    const first = service?.destinations.find(({ local, weight }) => !local && weight > 0);
    const checks = plan.health?.checks;
    const asksForPages = !checks || checks.some((check) => checksOfPages.includes(check));
    // With two directors a restart of keepalived moves the VIP to the one whose checks are right.
    if (!plan.health || plan.backup || !asksForPages || !service || !first) return [];
    const director = theNode(plan, 'director').name;
    const there = serverInKernel(director, service, first, '$4 > 0').run;
    const edit = {
      ldirectord:
        'sed -i \'s/^\\( *request=\\).*/\\1"no-such-page"/\' /etc/ha.d/ldirectord.cf && systemctl restart ldirectord',
      keepalived:
        "sed -i 's/^\\( *path \\).*/\\1\\/no-such-page/' /etc/keepalived/keepalived.conf && systemctl restart keepalived",
    };
    const all = plan.realServers.map(({ node }) => node);
    return [
      {
        name: director,
        nodes: [director],
        make: [
          {
            on: director,
            run: `${edit[plan.health.by]} && for _ in $(seq 300); do ${there} || break; sleep 0.2; done; ! ${there}`,
          },
        ],
        witness: { on: director, run: `! ${there}` },
        symptom: fails(plan, all, plan.services.filter(hasPages), plan.health.sorryServer ? 'error' : 'refused'),
      },
    ];
  },
};
