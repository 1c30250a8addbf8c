import test from 'ava';
import { filtersIn } from '../../scripts/checks/firewall/nft-ruleset.ts';

const found = (text: string) =>
  filtersIn(text).map(({ table, chain, hook, what }) => `${table} ${chain} (${hook}): ${what}`);

const base = (rules: string, { hook = 'input', policy = 'accept' } = {}) => `table inet own {
	chain ${hook} {
		type filter hook ${hook} priority filter; policy ${policy};
		${rules}
	}
}
`;

const rulesets: [title: string, text: string, filters: string[]][] = [
  ['nothing at all', '', []],
  ['a policy that drops', base('tcp dport 22 accept', { policy: 'drop' }), ['inet own input (input): policy drop']],
  ['a rule that drops', base('ip saddr 10.0.0.0/8 drop'), ['inet own input (input): ip saddr 10.0.0.0/8 drop']],
  [
    'a rule that rejects',
    base('tcp dport 80 counter reject with tcp reset', { hook: 'forward' }),
    ['inet own forward (forward): tcp dport 80 counter reject with tcp reset'],
  ],
  [
    'a verdict in a map',
    base('ct state vmap { invalid : drop, established : accept }'),
    ['inet own input (input): ct state vmap { invalid : drop, established : accept }'],
  ],
  [
    'a set over several lines',
    base('ip saddr { 10.0.0.1,\n\t\t\t     10.0.0.2 } drop'),
    ['inet own input (input): ip saddr { 10.0.0.1, 10.0.0.2 } drop'],
  ],
  ['only what accepts and counts', base('tcp dport { 22, 80 } counter accept'), []],
  ['words in quotes', base('comment "drop and reject"\n\t\tlog prefix "drop { " accept'), []],
  ['names that only look so', base('ip saddr @drop accept\n\t\tjump log-drop') + base('accept'), []],
  ['a chain that nobody jumps to', 'table ip own {\n\tchain lost {\n\t\tdrop\n\t}\n}\n', []],
  [
    'chains that are jumped to, and go on to others, in a circle as well',
    `table ip own {
	chain input {
		type filter hook input priority filter; policy accept;
		iifname vmap { "eth0" : jump front, "eth1" : accept }
	}
	chain front {
		goto bad
	}
	chain bad {
		jump front
		ip saddr 10.0.0.1 drop
	}
}
`,
    ['ip own bad (input): ip saddr 10.0.0.1 drop'],
  ],
  [
    'a map with a name, and a set that is none',
    `table ip own {
	set drop {
		type ipv4_addr
		elements = { 10.0.0.1,
			     10.0.0.2 }
	}
	map verdicts {
		type ipv4_addr : verdict
		elements = { 10.0.0.3 : drop,
			     10.0.0.4 : jump bad }
	}
	chain bad {
		reject
	}
	chain input {
		type filter hook input priority filter; policy accept;
		ip saddr vmap @verdicts
	}
}
`,
    ['ip own input (input): ip saddr vmap @verdicts', 'ip own bad (input): reject'],
  ],
  [
    'iptables-nft, with what nft cannot say',
    `# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy accept;
		tcp dport 80 counter jump LOG-drop
		ip protocol icmp xt match "limit" counter xt target "REJECT"
	}
	chain LOG-drop {
		counter drop
	}
}
`,
    [
      'ip filter INPUT (input): ip protocol icmp xt match "limit" counter xt target "REJECT"',
      'ip filter LOG-drop (input): counter drop',
    ],
  ],
  [
    'a NIC of its own',
    'table netdev own {\n\tchain in {\n\t\ttype filter hook ingress device "eth0" priority filter; policy drop;\n\t}\n}\n',
    ['netdev own in (ingress): policy drop'],
  ],
  [
    'a table that is switched off, and one that has an owner',
    `table ip own {\n\tflags dormant\n\n${base('drop').split('\n').slice(1).join('\n')}table ip owned { # progname nft\n\tflags owner,persist\n\n${base('drop').split('\n').slice(1).join('\n')}`,
    ['ip owned input (input): drop'],
  ],
  ['the lab’s own tables', base('drop').replace('inet own', 'ip lvs_lab') + base('').replace('own', 'lvs_lab_x'), []],
];

for (const [title, text, filters] of rulesets)
  test(`${title}: what drops or rejects`, (t) => t.deepEqual(found(text), filters));
