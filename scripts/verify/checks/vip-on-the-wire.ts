import { nicOn, nodesOf, type Plan, theNode, vipsOf } from '../../plan/plan.ts';
import type { Judge, ServiceJudge } from '../check.ts';
import type { Reply } from '../observations.ts';

/** Node names in place of MACs, where they are known. */
function nameOf(plan: Plan, mac: string): string {
  return plan.nodes.find(({ nics }) => nics.some((nic) => nic.mac === mac))?.name ?? mac;
}

/** Of two directors the backup, where the active one is expected. */
function isDirector(plan: Plan, mac: string | undefined): boolean {
  return nodesOf(plan, 'director').some(({ nics }) => nics.some((nic) => nic.mac === mac));
}

/** "VIP", or which of them where there are several. */
function about(vips: readonly string[], vip: string, text: string): string {
  return vips.length > 1 ? `${vip}: ${text}` : text;
}

export const neighbourIsDirector: Judge = (plan, { client }) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const vips = vipsOf(plan);
  const wrong = vips.filter((vip) => client.vips.get(vip)?.neighbour !== expected);
  const thief = wrong.map((vip) => client.vips.get(vip)?.neighbour).find((mac) => mac !== undefined);
  const seen = (vip: string) => {
    const mac = client.vips.get(vip)?.neighbour;
    return about(vips, vip, mac ? `${mac} (${nameOf(plan, mac)})` : 'no entry');
  };
  const ok = wrong.length === 0;
  return [
    {
      id: 'neighbour',
      title: `the client takes the VIP${vips.length > 1 ? 's' : ''} for the director`,
      ok,
      expected: `neighbour entry ${expected}`,
      observed: (ok ? vips : wrong).map(seen).join(', '),
      ...(!ok && {
        hint: isDirector(plan, thief)
          ? `${nameOf(plan, thief ?? '')} has the VIP: see vrrp`
          : thief
            ? `${nameOf(plan, thief)} answered for the VIP and gets all requests, past IPVS: see arp-quiet`
            : 'nobody answered for the VIP: see director-vip',
      }),
    },
  ];
};

export const onlyDirectorAnswersArp: Judge = (plan, { client }) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const vips = vipsOf(plan);
  const protocol = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  const ownersOf = (vip: string) => client.vips.get(vip)?.owners ?? [];
  const wrong = vips.filter((vip) => ownersOf(vip).length !== 1 || ownersOf(vip)[0] !== expected);
  const ok = wrong.length === 0;
  const seen = (vip: string) => {
    const owners = ownersOf(vip).map((mac) => nameOf(plan, mac));
    return about(vips, vip, owners.length > 0 ? `answers from ${owners.join(', ')}` : 'no answer');
  };
  const thieves = new Set(wrong.flatMap((vip) => ownersOf(vip).map((mac) => nameOf(plan, mac))));
  thieves.delete('director');
  const cure = protocol === 'ARP' ? 'arp_ignore=1 and arp_announce=2, and the VIP on no NIC,' : 'the VIP on no NIC';
  return [
    {
      id: 'arp-owner',
      title: `only the director answers ${protocol} for the VIP${vips.length > 1 ? 's' : ''}`,
      ok,
      expected: 'answers from director',
      observed: ok ? 'answers from director' : wrong.map(seen).join('; '),
      ...(!ok && {
        hint: nodesOf(plan, 'director').some(({ name }) => thieves.has(name))
          ? `both directors may have the VIP, or the wrong one: see vrrp`
          : thieves.size > 0
            ? `the client believes whoever is quickest: ${cure} on ${[...thieves].join(', ')}`
            : 'the director lacks the VIP, or its NIC is down: see director-vip',
      }),
    },
  ];
};

/** The NIC that puts a real server's answers on the client's segment. */
function senderOf(plan: Plan, node: string | undefined): string | undefined {
  const server = plan.realServers.find((one) => one.node === node);
  const nic = nodesOf(plan, 'real-server').find(({ name }) => name === node)?.nics[0];
  if (!server) return undefined;
  if (server.local || server.mode === 'nat') return nicOn(theNode(plan, 'director'), 'front').mac;
  return nic?.network === 'remote' ? nicOn(theNode(plan, 'router'), 'front').mac : nic?.mac;
}

/** Answers carry the VIP as source, and the NIC that sends them is the one that this mode wants. */
export const repliesComeFromVip: ServiceJudge = (plan, { vip, ops, destinations }, { answers, replies }) => {
  // With one-packet scheduling all come from the same port: the first answer belongs to the first request, and so on.
  const answerTo = ({ localPort }: Reply, index: number) =>
    ops
      ? answers.filter(({ server }) => server !== undefined)[index]
      : answers.find((one) => one.localPort === localPort);
  const right = (reply: Reply, index: number) => {
    const answer = answerTo(reply, index);
    return reply.source === vip && (answer?.server === undefined || reply.sender === senderOf(plan, answer.server));
  };
  const wrong = replies.filter((reply, index) => !right(reply, index));
  const seen = new Set(replies.map(({ localPort }) => localPort));
  const unseen = answers.filter(({ server, localPort }) => server !== undefined && !seen.has(localPort));
  const ok = wrong.length === 0 && unseen.length === 0 && replies.length > 0;
  const ways = destinations.map(({ local, mode }) => {
    if (mode === 'nat' || local) return 'the director';
    return plan.nodes.some(({ role }) => role === 'router') && mode === 'tun'
      ? 'the router'
      : 'the real servers themselves';
  });
  const way = [...new Set(ways)].join(' or ');
  const pairs = new Set(
    (ok ? replies : wrong).map(({ source, sender }) => `${source} sent by ${nameOf(plan, sender)}`),
  );
  return {
    id: 'source',
    title: `answers carry the VIP and are sent by ${way}`,
    ok,
    expected: `source ${vip}`,
    observed: pairs.size > 0 ? [...pairs].join(', ') : `${replies.length} answers on the wire`,
    ...(!ok && {
      hint:
        wrong.length > 0
          ? 'an answer with another source than the VIP is refused by the client: it came past the director, or another mode is at work'
          : 'no answer was seen on the wire',
    }),
  };
};
