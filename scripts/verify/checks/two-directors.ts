import { tableOf } from '../../ipvs/rules.ts';
import { nodesOf, type Plan, vipsOf } from '../../plan/plan.ts';
import { syncid } from '../../plan/two-directors.ts';
import type { Judge } from '../check.ts';
import type { OneOfTwo } from '../observations.ts';
import { differencesOf, holderOf } from './director.ts';

/** As keepalived has them when all is well, the active one first. */
const states = ['MASTER', 'BACKUP'];

const nothing: OneOfTwo = { state: undefined, daemons: new Map(), addresses: [], rules: [] };

function pairOf(plan: Plan, pair: Map<string, OneOfTwo>): { node: string; seen: OneOfTwo }[] {
  return nodesOf(plan, 'director').map(({ name }) => ({ node: name, seen: pair.get(name) ?? nothing }));
}

/** VRRP has chosen, and the VIP is where it says. */
export const oneDirectorHasVip: Judge = (plan, { pair }) => {
  if (!plan.backup) return [];
  const vips = vipsOf(plan);
  const found = pairOf(plan, pair).map(({ node, seen }, index) => {
    const has = vips.filter((vip) => holderOf(seen.addresses, vip));
    const right = seen.state === states[index] && has.length === (index === 0 ? vips.length : 0);
    return { node, right, state: seen.state, has: has.length > 0 };
  });
  const told = found.map(({ node, state, has }) => {
    return `${node} ${state ?? 'without keepalived'}${has ? ' with the VIP' : ''}`;
  });
  const ok = found.every(({ right }) => right);
  const dead = found.filter(({ state }) => state === undefined).map(({ node }) => node);
  const several = found.filter(({ has }) => has).length > 1;
  const look = `lab ssh ${plan.lab} ${dead[0] ?? 'director'} -- journalctl -u keepalived`;
  return [
    {
      id: 'vrrp',
      title: 'VRRP: the director has the VIP, and the backup waits',
      ok,
      expected: 'director MASTER with the VIP, backup BACKUP',
      observed: told.join(', '),
      ...(!ok && {
        hint:
          dead.length > 0
            ? `keepalived does not run on ${dead.join(', ')}, which takes over nothing${several ? ' and keeps what it had' : ''}; lab up ${plan.lab} starts it, ${look} tells why`
            : several
              ? `both have the VIP: they do not hear each other (VRRP, protocol 112, to 224.0.0.18); ${look}`
              : `the director has left, or is back for less than preempt_delay; lab up ${plan.lab} waits for it, ${look} tells why`,
      }),
    },
  ];
};

/** Each tells the other, and listens. */
export const syncDaemonsRun: Judge = (plan, { pair }) => {
  if (!plan.backup) return [];
  const missing = pairOf(plan, pair).flatMap(({ node, seen }) =>
    ['master', 'backup'].flatMap((state) => {
      const what = seen.daemons.get(state);
      if (what === undefined) return { node, text: `${node} has no ${state} daemon` };
      return new RegExp(`syncid=${syncid}\\b`).test(what)
        ? []
        : { node, text: `${node}: ${state} daemon with ${what}` };
    }),
  );
  const ok = missing.length === 0;
  const nodes = [...new Set(missing.map(({ node }) => node))];
  return [
    {
      id: 'sync-daemons',
      title: 'sync daemons tell each director of the other’s connections',
      ok,
      expected: `master and backup daemon on both, syncid ${syncid}`,
      observed: ok ? 'so they do' : missing.map(({ text }) => text).join('; '),
      ...(!ok && {
        hint: `a connection that the new director does not know ends when the VIP moves; lab up ${plan.lab} starts them, lab ssh ${plan.lab} ${nodes[0]} -- ipvsadm -l --daemon shows them`,
      }),
    },
  ];
};

/** What the backup does not have in its table it cannot serve. */
export const backupHasTheTable: Judge = (plan, { pair }) => {
  const [, backup] = pairOf(plan, pair);
  if (!plan.backup || !backup) return [];
  const { node, seen } = backup;
  const differences = plan.services.flatMap((service) => {
    const planned = tableOf(service);
    const found = seen.rules.find(({ name }) => name === planned.name);
    return found ? differencesOf(plan, planned, found, service) : [`no service ${planned.name}`];
  });
  const ok = differences.length === 0;
  return [
    {
      id: 'backup-table',
      title: 'the backup has the same IPVS table',
      ok,
      expected: `${plan.services.length} services as planned`,
      observed: ok ? 'so it has' : differences.join('; '),
      ...(!ok && {
        hint: `sync daemons carry connections, never services: both need the same rules; lab up ${plan.lab} makes them right, lab ssh ${plan.lab} ${node} -- ipvsadm -Ln shows them`,
      }),
    },
  ];
};
