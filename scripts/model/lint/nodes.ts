import { isHostOf, whyNoHost } from '../addresses.ts';
import { directorOf, routerOf } from '../nodes.ts';
import { hostExample } from '../reading/examples.ts';
import type { Report, Rule } from './report.ts';

/** Addresses of the director, the router and the client. */
export const nodeRules: Rule[] = [director, router, client];

function director({ file, problem }: Report): void {
  const given = directorOf(file);
  const path = (key: string) => (typeof file.director === 'object' ? ['director', key] : ['director']);
  for (const name of ['front', 'back'] as const) {
    const [address, cidr] = [given[name], file.networks[name]];
    const why = address && cidr && whyNoHost(address, cidr, `the ${name} network`);
    if (why) problem(path(name), why, hostExample(file, cidr));
  }
  if (typeof file.director === 'object' && file.director.back && !file.networks.back) {
    problem(path('back'), 'the lab has no back network', 'leave back out');
  }
}

function router({ file, examples, problem }: Report): void {
  const given = routerOf(file);
  if (!given) {
    if (file.router)
      problem(['router'], 'there is no remote network to route to', `networks: { …, remote: ${examples.another} }`);
    return;
  }
  for (const name of ['front', 'remote'] as const) {
    const cidr = file.networks[name] ?? '';
    const why = whyNoHost(given[name], cidr, `the ${name} network`);
    if (why) problem(['router', name], why, hostExample(file, cidr));
  }
}

function client({ file, problem }: Report): void {
  if (!file.client) return;
  const { front, back } = file.networks;
  if (back && isHostOf(file.client, back)) {
    problem(
      ['client'],
      `${file.client} is in the real servers’ network: they would answer it directly, not through the director`,
      hostExample(file, front),
    );
    return;
  }
  const why = whyNoHost(file.client, front, 'the front network');
  if (why) problem(['client'], why, hostExample(file, front));
}
