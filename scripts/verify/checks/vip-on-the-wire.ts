import { nicOn, nodesOf, type Plan, theNode } from '../../plan/plan.ts';
import type { Judge } from '../check.ts';
import type { Reply } from '../observations.ts';

/** Node names in place of MACs, where they are known. */
function nameOf(plan: Plan, mac: string): string {
  return plan.nodes.find(({ nics }) => nics.some((nic) => nic.mac === mac))?.name ?? mac;
}

export const neighbourIsDirector: Judge = (plan, { client }) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const ok = client.neighbour === expected;
  return {
    id: 'neighbour',
    title: 'the client takes the VIP for the director',
    ok,
    expected: `neighbour entry ${expected}`,
    observed: client.neighbour ? `${client.neighbour} (${nameOf(plan, client.neighbour)})` : 'no entry',
    ...(!ok && {
      hint: client.neighbour
        ? `${nameOf(plan, client.neighbour)} answered ARP for the VIP and gets all requests, past IPVS: see arp-quiet`
        : 'nobody answered ARP for the VIP: see director-vip',
    }),
  };
};

export const onlyDirectorAnswersArp: Judge = (plan, { client }) => {
  const expected = nicOn(theNode(plan, 'director'), 'front').mac;
  const ok = client.arpReplies.length === 1 && client.arpReplies[0] === expected;
  const names = client.arpReplies.map((mac) => nameOf(plan, mac));
  return {
    id: 'arp-owner',
    title: 'only the director answers ARP for the VIP',
    ok,
    expected: 'answers from director',
    observed: names.length > 0 ? `answers from ${names.join(', ')}` : 'no answer',
    ...(!ok && {
      hint:
        names.length > 0
          ? `the client believes whoever is quickest: set arp_ignore=1 and arp_announce=2 on ${names.filter((name) => name !== 'director').join(', ')}`
          : 'the director lacks the VIP, or its NIC is down: see director-vip',
    }),
  };
};

/** Answers carry the VIP as source, and the NIC that sends them is the one that this mode wants. */
export const repliesComeFromVip: Judge = (plan, { client }) => {
  const { vip } = plan.service;
  const director = nicOn(theNode(plan, 'director'), 'front').mac;
  const modeOf = (node: string | undefined) => plan.realServers.find((one) => one.node === node)?.mode;
  const right = ({ sender, localPort, source }: Reply) => {
    const answer = client.answers.find((one) => one.localPort === localPort);
    const server = nodesOf(plan, 'real-server').find(({ name }) => name === answer?.server);
    const expected = modeOf(server?.name) === 'nat' ? director : server?.nics[0]?.mac;
    return source === vip && (answer?.server === undefined || sender === expected);
  };
  const wrong = client.replies.filter((reply) => !right(reply));
  const seen = new Set(client.replies.map(({ localPort }) => localPort));
  const unseen = client.answers.filter(({ server, localPort }) => server !== undefined && !seen.has(localPort));
  const ok = wrong.length === 0 && unseen.length === 0 && client.replies.length > 0;
  const ways = plan.realServers.map(({ mode }) => (mode === 'nat' ? 'the director' : 'the real servers themselves'));
  const way = [...new Set(ways)].join(' or ');
  const pairs = new Set(
    (ok ? client.replies : wrong).map(({ source, sender }) => `${source} sent by ${nameOf(plan, sender)}`),
  );
  return {
    id: 'source',
    title: `answers carry the VIP and are sent by ${way}`,
    ok,
    expected: `source ${vip}`,
    observed: pairs.size > 0 ? [...pairs].join(', ') : `${client.replies.length} answers on the wire`,
    ...(!ok && {
      hint:
        wrong.length > 0
          ? 'an answer with another source than the VIP is refused by the client: it came past the director, or another mode is at work'
          : 'no answer was seen on the wire',
    }),
  };
};
