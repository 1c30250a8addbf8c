import { serviceName } from '../../ipvs/rules.ts';
import { theNode } from '../../plan/plan.ts';
import { backendsOf } from '../../verify/asking.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { reach } from './look.ts';

/** Every real server answers the director by its own address, past IPVS. */
const judge: ServiceJudge = (plan, service, seen) => {
  const { destinations, endpoints } = service;
  const answers = seen.of(reach, theNode(plan, 'director').name).get(serviceName(service)) ?? [];
  const bad = destinations.flatMap(({ server }, at) =>
    endpoints.flatMap(({ port }, number) => {
      const answer = answers[at * endpoints.length + number];
      if (answer?.server === server) return [];
      const why = answer?.error ?? (answer?.server ? `${answer.server} answers there` : 'no answer');
      return { server, why: endpoints.length > 1 ? `port ${port}: ${why}` : why };
    }),
  );
  const asked = destinations.length * endpoints.length;
  const ok = bad.length === 0;
  const daemons = [...new Set(backendsOf(service).map(({ daemon }) => daemon))];
  return {
    title: 'every real server answers by itself',
    ok,
    expected: `${asked} answers, asked for at their own addresses`,
    observed: ok ? `${asked} answers` : bad.map(({ server, why }) => `${server}: ${why}`).join('; '),
    ...(!ok && {
      hint: `${daemons.map(({ name }) => name).join(' or ')} is down on ${[...new Set(bad.map(({ server }) => server))].join(', ')}, a firewall is in the way, or the machine is off the network; lab ssh ${plan.lab} ${bad[0]?.server} -- systemctl status ${daemons.map(({ unit }) => unit).join(' ')}`,
    }),
  };
};

export const reachable: CheckKind = {
  id: 'reachable',
  about: 'each real server answers the director by its own address, past IPVS',
  faults: [],
  looks: [reach],
  judge: ofEachService(judge),
};
