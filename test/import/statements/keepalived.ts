import { allOf, blocksOf } from './blocks.ts';
import { globalWishes } from './globals.ts';
import { type Expected, type Statement, textOf, type Wish } from './statement.ts';
import { unfold } from './unfold.ts';

/** What a service of keepalived.conf is called, and what says so. */
interface Target {
  key: string;
  by: Statement;
}

const checks: Readonly<Record<string, string>> = {
  TCP_CHECK: 'tcp',
  HTTP_GET: 'http',
  SSL_GET: 'https',
  SMTP_CHECK: 'smtp',
  DNS_CHECK: 'dns',
  UDP_CHECK: 'udp',
};

const methods: Readonly<Record<string, string>> = { NAT: 'nat', DR: 'dr', TUN: 'tun' };
const schedulers = /^(rr|wrr|lc|wlc|lblc|lblcr|dh|sh|mh|sed|nq|fo|ovf|twos)$/;

/** What a lab must have of a keepalived.conf, by keepalived.conf(5). */
export function expectedOfKeepalived(text: string, configId: string | undefined): Expected {
  const { lines, passed } = unfold(text, configId);
  const top = blocksOf(lines);
  const structure = new Set<Statement>();
  const wishes = top.flatMap((one) => (one.words[0] === 'virtual_server' ? serviceWishes(one, top) : []));
  wishes.push(...globalWishes(top));
  const statements = allOf(top);
  for (const one of statements) {
    const [name = '', called] = one.words;
    const group =
      name === 'virtual_server_group' && top.some(({ words }) => words[1] === 'group' && words[2] === called);
    if (group || /^(global_defs|url|virtual_ipaddress|unicast_peer)$/.test(name)) structure.add(one);
  }
  for (const { line, text: words, used } of passed) {
    const statement = { lines: [line], words: words.split(/\s+/), inside: [], opens: false };
    statements.push(statement);
    if (used) structure.add(statement);
  }
  return { statements, wishes, structure };
}

/** The last statement of some names in a block that makes sense. */
function last(block: readonly Statement[], names: readonly string[], fits: (word: string) => boolean = () => true) {
  return block.findLast(({ words: [name = '', word = ''] }) => names.includes(name) && fits(word));
}

function targetsOf(server: Statement, top: readonly Statement[], protocol: string): Target[] {
  const [, word = '', second = ''] = server.words;
  if (word === 'fwmark') return [{ key: `mark ${Number(second)}`, by: server }];
  if (word !== 'group') return [{ key: `${protocol} ${word} ${Number(second || 0)}`, by: server }];
  const group = top.find(({ words: [name, called] }) => name === 'virtual_server_group' && called === second);
  return (group?.inside ?? []).flatMap((entry) => {
    const [address = '', port = '0'] = entry.words;
    if (address === 'fwmark') return [{ key: `mark ${Number(port)}`, by: entry }];
    return addressesOf(address).map((one) => ({ key: `${protocol} ${one} ${Number(port)}`, by: entry }));
  });
}

/** The addresses of a range that ends in its last number; of others the first alone. */
function addressesOf(word: string): string[] {
  const [, head = '', from, to] = /^([\d.]+\.)(\d+)-(?:[\d.]+\.)?(\d+)$/.exec(word) ?? [];
  if (from === undefined) return [word.replace(/[-/].*$/, '')];
  const count = Math.max(1, Math.min(Number(to) - Number(from) + 1, 256));
  return Array.from({ length: count }, (_, at) => `${head}${Number(from) + at}`);
}

function serviceWishes(server: Statement, top: readonly Statement[]): Wish[] {
  const block = server.inside;
  const protocol = last(block, ['protocol'], (word) => /^(TCP|UDP|SCTP)$/i.test(word));
  const name = protocol?.words[1]?.toLowerCase() ?? (server.words[1] === 'fwmark' ? 'tcp' : 'udp');
  const scheduler = last(block, ['lb_algo', 'lvs_sched'], (word) => schedulers.test(word));
  const persistence = last(block, ['persistence_timeout'], (word) => word === '' || Number(word) > 0);
  const granularity = last(block, ['persistence_granularity']);
  const flags = block.filter(({ words: [word = ''] }) => /^([sm]h-(port|fallback)|flag-\d)$/.test(word));
  const targets = targetsOf(server, top, name);
  const portless = targets.some(({ key }) => key.endsWith(' 0'));
  return targets.flatMap(({ key, by }) => {
    const wishes: Wish[] = [
      { by, what: 'service', want: true, has: (lab) => lab.service(key) !== undefined },
      {
        by: server,
        what: 'service',
        want: true,
        leaf: `service.${key.startsWith('mark') ? 'fwmark' : 'port'}`,
        has: (lab) => lab.service(key) !== undefined,
      },
      {
        by: protocol,
        what: 'protocol',
        want: name,
        leaf: 'service.protocol',
        has: (lab) => lab.service(key)?.protocol,
      },
      {
        by: scheduler,
        what: 'scheduler',
        want: scheduler?.words[1] ?? 'wlc',
        leaf: 'service.scheduler',
        has: (lab) => lab.service(key)?.scheduler,
      },
      {
        by: persistence,
        what: 'persistence',
        want: persistence ? Number(persistence.words[1] ?? 360) : granularity || portless ? 360 : 0,
        leaf: 'service.persistence',
        has: (lab) => lab.service(key)?.persistence,
      },
      {
        by: granularity,
        what: 'granularity',
        want: granularity?.words[1]?.replace(/^(255\.255\.255\.255|128)$/, '') ?? '',
        leaf: 'service.persistence_granularity',
        has: (lab) => lab.service(key)?.persistenceGranularity,
      },
      {
        by: last(block, ['ops']),
        what: 'ops',
        want: last(block, ['ops']) !== undefined,
        leaf: 'service.ops',
        has: (lab) => lab.service(key)?.ops,
      },
      ...flags.map((flag): Wish => {
        const word = flag.words[0] ?? '';
        return {
          by: flag,
          what: 'flag',
          want: true,
          leaf: 'service.flags',
          has: (lab) => lab.service(key)?.flags.some((one) => one === word),
        };
      }),
      ...familyWishes(block, key),
      ...serverWishes(server, key),
      ...watchWishes(block, key),
    ];
    return wishes
      .filter((one) => one.by || one.what !== 'protocol' || !key.startsWith('mark'))
      .map((one) => ({ ...one, target: by }));
  });
}

function familyWishes(block: readonly Statement[], key: string): Wish[] {
  const family = last(block, ['ip_family']);
  if (!family || !key.startsWith('mark')) return [];
  const want = family.words[1] === 'inet6' ? 6 : 4;
  return [{ by: family, what: 'family', want, has: (lab) => (lab.service(key) ? lab.lab.family : undefined) }];
}

function serverWishes(server: Statement, key: string): Wish[] {
  const block = server.inside;
  const seen = new Map<string, number>();
  return block
    .filter(({ words: [name] }) => name === 'real_server')
    .flatMap((real): Wish[] => {
      const [, address = '', port = '0'] = real.words;
      const nth = seen.get(address) ?? 0;
      seen.set(address, nth + 1);
      const weight = last(real.inside, ['weight']) ?? last(block, ['weight']);
      const own = last(real.inside, ['lvs_method'], (word) => word in methods);
      const method = own ?? last(block, ['lb_kind', 'lvs_method'], (word) => word in methods);
      const threshold = (name: 'uthreshold' | 'lthreshold'): Wish => {
        const by = last(real.inside, [name]);
        return {
          by,
          what: name,
          want: Number(by?.words[1] ?? 0),
          leaf: `service.real_servers.${name}`,
          has: (lab) => lab.server(key, address, nth)?.[name],
        };
      };
      const mode = methods[method?.words[1] ?? 'NAT'];
      const inhibit = last(real.inside, ['inhibit_on_failure']) ?? last(block, ['inhibit_on_failure']);
      const wishes: Wish[] = [
        {
          by: real,
          what: `real server by ${mode} at port ${port}`,
          want: true,
          leaf: 'service.real_servers.port',
          has: (lab) => {
            const found = lab.server(key, address, nth);
            return found && (mode !== 'nat' || [0, found.port].includes(Number(port)) || key.startsWith('mark'));
          },
        },
        {
          by: weight,
          what: 'weight',
          want: Number(weight?.words[1] ?? 1),
          leaf: 'service.real_servers.weight',
          has: (lab) => lab.server(key, address, nth)?.weight,
        },
        {
          by: method,
          what: 'method',
          want: mode,
          leaf: 'real_servers.mode',
          has: (lab) => lab.server(key, address, nth)?.mode,
        },
        threshold('uthreshold'),
        threshold('lthreshold'),
        {
          by: inhibit,
          what: 'inhibit_on_failure',
          want: inhibit !== undefined && !/^(false|off|no)$/.test(inhibit.words[1] ?? ''),
          leaf: 'health.quiescent',
          has: (lab) => {
            const found = lab.server(key, address, nth);
            return found && lab.lab.health ? (found.quiescent ?? lab.lab.health.quiescent) : undefined;
          },
        },
        ...tunnelWishes(method, key, address, nth),
        ...checkWishes(real, key, [real.inside, block]),
      ];
      return wishes.filter((one) => one.by || !/^inhibit/.test(one.what)).map((one) => ({ ...one, server: real }));
    });
}

function tunnelWishes(method: Statement | undefined, key: string, address: string, nth: number): Wish[] {
  const words = method?.words ?? [];
  const at = (name: string) => words[words.indexOf(name) + 1] ?? '';
  if (!words.includes('type')) return [];
  return [
    {
      by: method,
      what: 'tunnel',
      want: at('type'),
      leaf: 'real_servers.tunnel',
      has: (lab) => lab.server(key, address, nth)?.tunnel,
    },
    ...(words.includes('port')
      ? [
          {
            by: method,
            what: 'tunnel port',
            want: Number(at('port')),
            leaf: 'real_servers.tunnel_port',
            has: (lab) => lab.server(key, address, nth)?.tunnelPort,
          } satisfies Wish,
        ]
      : []),
  ];
}

/** Seconds and counts of checks: the words of keepalived, those of a lab file, and the defaults by kind of check. */
const times: readonly [name: string, key: 'interval' | 'timeout' | 'retry' | 'retryDelay', leaf: string][] = [
  ['delay_loop', 'interval', 'interval'],
  ['connect_timeout', 'timeout', 'timeout'],
  ['retry', 'retry', 'retry'],
  ['delay_before_retry', 'retryDelay', 'retry_delay'],
];
const usual = { interval: 60, timeout: 5 };

function checkWishes(real: Statement, key: string, around: readonly (readonly Statement[])[]): Wish[] {
  return real.inside
    .filter(({ opens, words: [name = ''] }) => opens && /_(CHECK|GET)$/.test(name))
    .flatMap((check): Wish[] => {
      const [name = ''] = check.words;
      const kind = checks[name];
      const blocks = [check.inside, ...around];
      const said = (word: string) => blocks.map((block) => last(block, [word])).find((one) => one !== undefined);
      return [
        {
          by: check,
          what: 'check',
          want: true,
          leaf: 'health.checks',
          has: (lab) => kind !== undefined && lab.checksOf(key).includes(kind),
        },
        ...times.map(([word, value, leaf]): Wish => {
          const by = said(word);
          const otherwise =
            value === 'interval' || value === 'timeout' ? usual[value] : defaultOf(name, value, said('delay_loop'));
          return {
            by,
            what: word,
            want: by ? Number(by.words[1]) : otherwise,
            leaf: `health.${leaf}`,
            has: (lab) => lab.lab.health?.[value],
          };
        }),
        ...[said('alpha')].flatMap((by): Wish[] =>
          by ? [{ by, what: 'alpha', want: true, leaf: 'health.alpha', has: (lab) => lab.lab.health?.alpha }] : [],
        ),
        ...pageWishes(check, key, kind),
      ];
    });
}

function defaultOf(check: string, value: 'retry' | 'retryDelay', delay: Statement | undefined): number {
  if (value === 'retry') return { DNS_CHECK: 3, MISC_CHECK: 0 }[check] ?? 1;
  if (check === 'DNS_CHECK') return Number(delay?.words[1] ?? usual.interval);
  return check.endsWith('_GET') ? 3 : 1;
}

function pageWishes(check: Statement, key: string, kind: string | undefined): Wish[] {
  const page = (lab: Parameters<Wish['has']>[0]) => kind !== undefined && lab.checksOf(key).includes(kind);
  return check.inside
    .filter(({ words: [name] }) => name === 'url')
    .flatMap(({ inside }) => inside)
    .filter((one) => /^(path \/|status_code 200)$/.test(textOf(one)))
    .map((by) => ({ by, what: 'page', want: true, has: page }));
}

/** What a virtual server says of all of its checks. */
function watchWishes(block: readonly Statement[], key: string): Wish[] {
  const valid = (by: Statement) => /^(true|on|yes|false|off|no)?$/.test(by.words[1] ?? '');
  const truth = (by: Statement) => /^(true|on|yes)?$/.test(by.words[1] ?? '');
  const served = (lab: Parameters<Wish['has']>[0]) => (lab.service(key) ? lab.lab.health : undefined);
  const all = block.flatMap((by): Wish[] => {
    switch (by.words[0]) {
      case 'sorry_server':
        return [
          { by, what: 'sorry server', want: true, leaf: 'health.sorry_server', has: (lab) => served(lab)?.sorryServer },
        ];
      case 'alpha':
        return [{ by, what: 'alpha', want: truth(by), leaf: 'health.alpha', has: (lab) => served(lab)?.alpha }];
      case 'omega':
        return [{ by, what: 'omega', want: truth(by), leaf: 'health.omega', has: (lab) => served(lab)?.omega }];
      case 'quorum':
        return [
          { by, what: 'quorum', want: Number(by.words[1]), leaf: 'health.quorum', has: (lab) => served(lab)?.quorum },
        ];
      case 'hysteresis':
        return [
          {
            by,
            what: 'hysteresis',
            want: Number(by.words[1]),
            leaf: 'health.hysteresis',
            has: (lab) => served(lab)?.hysteresis,
          },
        ];
      default:
        return [];
    }
  });
  const absent: Wish[] = [
    { what: 'program', want: 'keepalived', leaf: 'health.by', has: (lab) => served(lab)?.by },
    { what: 'quiescent', want: false, leaf: 'health.quiescent', has: (lab) => served(lab)?.quiescent },
    {
      what: 'sorry server',
      want: block.some(({ words: [name] }) => name === 'sorry_server'),
      leaf: 'health.sorry_server',
      has: (lab) => served(lab)?.sorryServer,
    },
    {
      what: 'alpha',
      want: block.filter(valid).some(({ words: [name] }) => name === 'alpha'),
      leaf: 'health.alpha',
      has: (lab) => served(lab)?.alpha,
    },
  ];
  return [...all, ...absent];
}
