import test from 'ava';
import { diagnose, isExplained } from '../../scripts/diagnosis/diagnose.ts';
import { diagnosisText } from '../../scripts/report/diagnosis.ts';
import { planOf } from '../render/golden.ts';
import { evidenceOf, fact, type Ill } from './evidence.ts';

const dr = await planOf('dr');
const nat = await planOf('nat');
const plain = { paint: (_: string, text: string) => text, width: 80 };

const named = (ill: Ill, plan = dr) => diagnose(evidenceOf(plan, ill)).causes.map(({ id, node }) => `${id} ${node}`);

test('nothing differs and nothing failed: nothing is wrong', (t) => {
  const found = diagnose(evidenceOf(dr, {}));
  t.deepEqual(found, { causes: [], notes: [], unexplained: [] });
  t.regex(diagnosisText(dr, found, plain), /nothing is wrong/);
});

test('a fault is known by the facts that it changes, and the command undoes it', (t) => {
  const ill: Ill = {
    states: { rs1: [[fact('address', 'lo 192.168.1.3/32', 'scope global')], []] },
    failed: ['answers', 'vip'],
    silent: ['rs1'],
  };
  const { causes } = diagnose(evidenceOf(dr, ill));
  t.like(causes[0], { id: 'vip-missing', node: 'rs1', layer: 'ip' });
  t.is(causes.length, 1);
  t.deepEqual(causes[0]?.mend, [{ on: 'rs1', run: 'ip address replace 192.168.1.3/32 scope global dev lo' }]);
});

test('one command undoes all that belongs to a fault', (t) => {
  const settings = (ignore: string, announce: string) => [
    fact('sysctl', 'net.ipv4.conf.all.arp_ignore', ignore),
    fact('sysctl', 'net.ipv4.conf.all.arp_announce', announce),
  ];
  const ill: Ill = { states: { rs1: [settings('1', '2'), settings('0', '0')] }, failed: ['arp-quiet'] };
  const { causes } = diagnose(evidenceOf(dr, ill));
  t.deepEqual(
    causes.flatMap(({ mend }) => mend),
    [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2' }],
  );
});

test('a module that is loaded, and sockets of a daemon that ended, are no causes of their own', (t) => {
  const ill: Ill = {
    states: {
      rs1: [
        [fact('process', 'apache2.service', 'runs'), fact('socket', 'tcp 0.0.0.0:80')],
        [fact('module', 'nf_tables')],
      ],
    },
    failed: ['answers', 'reachable'],
    silent: ['rs1'],
  };
  t.deepEqual(named(ill), ['daemon-down rs1']);
});

test('what no fault is known for is named by itself, with what it may do', (t) => {
  const ill: Ill = {
    states: { rs2: [[], [fact('rule', 'priority 10 from 192.168.1.3 lookup 100')]] },
    failed: ['answers'],
    silent: ['rs2'],
  };
  t.deepEqual(named(ill), ['rule-differs rs2']);
});

test('a difference that hurts others than those that are hurt comes later', (t) => {
  const ill: Ill = {
    states: {
      rs1: [[fact('sysctl', 'net.ipv4.tcp_sack', '1')], [fact('sysctl', 'net.ipv4.tcp_sack', '0')]],
      rs2: [[fact('route', 'default', 'via 172.16.10.12 dev back')], []],
    },
    failed: ['answers'],
    silent: [nat.realServers[1]?.node ?? ''],
  };
  const second = nat.realServers[1]?.node ?? '';
  const states = { [nat.realServers[0]?.node ?? '']: ill.states?.rs1, [second]: ill.states?.rs2 } as Ill['states'];
  const { causes, notes } = diagnose(evidenceOf(nat, { ...ill, ...(states && { states }) }));
  t.deepEqual(
    causes.map(({ id, node }) => `${id} ${node}`),
    [`gateway-missing ${second}`],
  );
  t.is(notes.length, 1);
});

test('what differs in a lab that works is a note', (t) => {
  const ill: Ill = { states: { rs1: [[], [fact('address', 'front 192.168.1.77/24', 'scope global')]] } };
  const found = diagnose(evidenceOf(dr, ill));
  t.deepEqual(found.causes, []);
  t.is(found.notes.length, 1);
  t.regex(diagnosisText(dr, found, plain), /No harm\s+from this was seen/);
});

test('failed checks that nothing explains are said', (t) => {
  const found = diagnose(evidenceOf(dr, { failed: ['sequence'] }));
  t.deepEqual(found.unexplained, ['sequence']);
  t.regex(diagnosisText(dr, found, plain), /not found; these checks failed or warn: sequence/);
});

test('a clock that is far off is a note, and a cause where a check of clocks fails', (t) => {
  const clocks = new Map([
    ['rs1', 7200],
    ['rs2', -3],
  ]);
  t.deepEqual(
    diagnose(evidenceOf(dr, { clocks })).notes.map(({ what }) => what),
    ['the clock is 7200 s fast, by the clock of this computer'],
  );
  t.deepEqual(named({ clocks, failed: ['clock'] }), ['clock-wrong rs1']);
});

const noVip = (server: string) => ({
  [server]: [[fact('address', 'lo 192.168.1.3/32', 'scope global')], []] as [ReturnType<typeof fact>[], never[]],
});

test('a known fault of a real server that answers is no cause of what another one suffers', (t) => {
  const found = diagnose(evidenceOf(dr, { states: noVip('rs2'), failed: ['answers'], silent: ['rs1'] }));
  t.deepEqual(found.causes, []);
  t.deepEqual(
    found.notes.map(({ id, node }) => `${id} ${node}`),
    ['vip-missing rs2'],
  );
  t.deepEqual(found.unexplained, ['answers']);
});

test('where a cause explains all who are hurt, what only differs is a note', (t) => {
  const hosts = [fact('file', '/etc/hosts', 'one')];
  const states: Ill['states'] = { ...noVip('rs1'), director: [hosts, [fact('file', '/etc/hosts', 'two')]] };
  const found = diagnose(evidenceOf(dr, { states, failed: ['answers', 'vip'], silent: ['rs1'] }));
  t.deepEqual(
    found.causes.map(({ id, node }) => `${id} ${node}`),
    ['vip-missing rs1'],
  );
  t.deepEqual(
    found.notes.map(({ node }) => node),
    ['director'],
  );
  const both = diagnose(evidenceOf(dr, { states, failed: ['answers', 'vip'], silent: ['rs1', 'rs2'] }));
  t.deepEqual(
    both.causes.map(({ node }) => node),
    ['rs1', 'director'],
    'it may be what hurts the other one',
  );
});

test('a warning that nothing explains is said', (t) => {
  const found = diagnose(evidenceOf(dr, { warned: ['pace'], silent: ['rs1'] }));
  t.deepEqual(found.unexplained, ['pace']);
  t.is(diagnosisText(dr, found, plain), '  cause  not found; these checks failed or warn: pace');
});

test('a request that ended in a firewall is no evidence against a file', (t) => {
  const end = { service: 'TCP 192.168.1.3:80', server: 'rs1', node: 'rs1', isLine: false, what: 'a SYN ends at rs1' };
  const evidenceFor = (reason: string, section: string, key: string) => {
    const states: Ill['states'] = { rs1: [[fact(section, key, 'one')], [fact(section, key, 'two')]] };
    const ends = [{ ...end, drops: [{ reason, text: reason }] }];
    return diagnose(evidenceOf(dr, { states, failed: ['answers'], silent: ['rs1'], ends })).causes[0]?.evidence;
  };
  t.deepEqual(evidenceFor('NETFILTER_DROP', 'file', '/etc/hosts'), []);
  t.deepEqual(evidenceFor('NETFILTER_DROP', 'iptables', 'filter -A INPUT'), ['a SYN ends at rs1', 'NETFILTER_DROP']);
  t.deepEqual(evidenceFor('NO_SOCKET', 'file', '/etc/apache2/ports.conf'), ['a SYN ends at rs1', 'NO_SOCKET']);
});

test('where nothing differs, the end of a request is named with its layer', (t) => {
  const drops = [{ reason: 'NETFILTER_DROP', text: 'a rule' }];
  const ends = [{ service: 'TCP 192.168.1.3:80', server: 'rs1', node: 'rs1', isLine: false, what: 'it ends', drops }];
  const { causes } = diagnose(evidenceOf(dr, { failed: ['answers'], silent: ['rs1'], ends }));
  t.like(causes[0], { id: 'packet-ends', node: 'rs1', layer: 'firewall', why: 'a rule', evidence: ['it ends'] });
});

test('a diagnosis has ten lines, however much is wrong', (t) => {
  const many = Array.from({ length: 9 }, (_, at) =>
    fact('sysctl', `net.ipv4.tcp_a_long_name_of_a_setting_number_${at}`, '1'),
  );
  const states: Ill['states'] = { rs1: [many, many.map((one) => ({ ...one, value: '0' }))], ...noVip('rs2') };
  const found = diagnose(evidenceOf(dr, { states, failed: ['answers', 'marks'], silent: ['rs1', 'rs2'] }));
  t.true(found.causes.length > 8);
  const text = diagnosisText(dr, found, plain);
  t.true(text.split('\n').length <= 10, text);
  t.regex(text, /more causes: --json shows all/);
});

test('ends of requests are looked for where nothing known explains all, or two causes compete', (t) => {
  const ill: Ill = { states: noVip('rs1'), failed: ['answers', 'vip'], silent: ['rs1'] };
  t.true(isExplained(evidenceOf(dr, ill)));
  t.false(isExplained(evidenceOf(dr, { ...ill, silent: ['rs1', 'rs2'] })));
  t.false(isExplained(evidenceOf(dr, { ...ill, failed: ['answers', 'vip', 'marks'] })));
  const [before = [], after = []] = noVip('rs1').rs1 ?? [];
  const daemon = [fact('process', 'apache2.service', 'runs'), fact('socket', 'tcp 0.0.0.0:80')];
  t.false(isExplained(evidenceOf(dr, { ...ill, states: { rs1: [[...before, ...daemon], after] } })));
});
