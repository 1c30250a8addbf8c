import type { Expected, Statement, Wish } from './statement.ts';

const methods: Readonly<Record<string, string>> = { '-m': 'nat', '-g': 'dr', '-i': 'tun' };

/** Words of a shell that say nothing by themselves. */
const shell =
  /^(case .*|\S+\)|fi|done|esac|else|then|do|\{|\}|;;|\(|\)|start\)|exit( \d+)?|in|\w+ *\(\) *\{?|function \w+.*)$/;

/** What a lab must have of commands of ipvsadm: each line is a statement, with the variables that are set before it. */
export function expectedOfCommands(text: string): Expected {
  const variables = new Map<string, string>();
  const statements: Statement[] = [];
  const structure = new Set<Statement>();
  const wishes: Wish[] = [];
  const services = new Set<string>();
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const one: Statement = { lines: [at + 1], words: line.split(/\s+/), inside: [], opens: false, command: true };
    statements.push(one);
    if (shell.test(line)) structure.add(one);
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(\S*)$/.exec(line) ?? [];
    if (name) {
      variables.set(name, value.replace(/^["']|["']$/g, ''));
      if (new RegExp(`\\$\\{?${name}\\b`).test(text)) structure.add(one);
    }
    const full = line.replace(/\$\{?(\w+)\}?/g, (whole, variable) => variables.get(variable) ?? whole);
    let words = full.replace(/["']/g, '').split(/\s+/);
    if (/(^|\/)ipvsadm$/.test(words[0] ?? '')) words.shift();
    if (words.join() === '-C') structure.add(one);
    words = words.flatMap((word) => {
      const [, letters = '', last = ''] = /^-([Aa])([tuf])$/.exec(word) ?? /^-([sprwxyb])(\w.*)$/.exec(word) ?? [];
      if (letters === '') return word;
      return [`-${letters}`, /^[Aa]$/.test(letters) ? `-${last}` : last];
    });
    wishes.push(...commandWishes(one, words, services));
  }
  return { statements, wishes, structure };
}

function commandWishes(by: Statement, words: readonly string[], services: Set<string>): Wish[] {
  const after = (...names: string[]) => {
    const at = words.findIndex((one) => names.includes(one));
    return at < 0 ? undefined : (words[at + 1] ?? '');
  };
  const at = words.indexOf('--set');
  if (at >= 0)
    return (['tcp', 'tcpfin', 'udp'] as const).map((name, index) => ({
      by,
      what: `time-out ${name}`,
      want: Number(words[at + 1 + index]),
      leaf: `ipvs.timeouts.${name}`,
      has: (lab) => lab.lab.ipvs.timeouts?.[name],
    }));
  const place = after('-t', '--tcp-service') ?? after('-u', '--udp-service') ?? after('-f', '--fwmark-service');
  if (place === undefined || /[$*]/.test(words.join(' '))) return [];
  const protocol = after('-t', '--tcp-service') !== undefined ? 'tcp' : 'udp';
  const [, address = '', port = '0'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(place) ?? [];
  const key = after('-f', '--fwmark-service') !== undefined ? `mark ${place}` : `${protocol} ${address} ${port}`;
  if (['-A', '--add-service'].some((one) => words.includes(one)) && !services.has(key)) {
    services.add(key);
    const persistent = words.includes('-p') ? Number(/^\d+$/.test(after('-p') ?? '') ? after('-p') : 300) : 0;
    return [
      {
        by,
        what: 'service',
        want: true,
        leaf: `service.${key.startsWith('mark') ? 'fwmark' : 'port'}`,
        has: (lab) => lab.service(key) !== undefined,
      },
      {
        by,
        what: 'protocol',
        want: key.split(' ')[0],
        leaf: 'service.protocol',
        has: (lab) => (key.startsWith('mark') ? 'mark' : lab.service(key)?.protocol),
      },
      {
        by,
        what: 'scheduler',
        want: after('-s', '--scheduler') ?? 'wlc',
        leaf: 'service.scheduler',
        has: (lab) => lab.service(key)?.scheduler,
      },
      {
        by,
        what: 'persistence',
        want: persistent,
        leaf: 'service.persistence',
        has: (lab) => lab.service(key)?.persistence,
      },
      ...(after('-b', '--sched-flags') ?? '')
        .split(',')
        .filter(Boolean)
        .map(
          (flag): Wish => ({
            by,
            what: 'flag',
            want: true,
            leaf: 'service.flags',
            has: (lab) => lab.service(key)?.flags.some((one) => one === flag),
          }),
        ),
      {
        by,
        what: 'granularity',
        want: (after('-M', '--netmask') ?? '').replace(/^(255\.255\.255\.255|128)$/, ''),
        leaf: 'service.persistence_granularity',
        has: (lab) => lab.service(key)?.persistenceGranularity,
      },
    ];
  }
  if (!['-a', '--add-server'].some((one) => words.includes(one))) return [];
  const rip = /^\[?(.*?)\]?(?::(\d+))?$/.exec(after('-r', '--real-server') ?? '') ?? [];
  const method = methods[words.find((one) => one in methods) ?? '-g'];
  const found = (lab: Parameters<Wish['has']>[0]) => lab.server(key, rip[1] ?? '', 0);
  return [
    { by, what: 'method', want: method, leaf: 'real_servers.mode', has: (lab) => found(lab)?.mode },
    {
      by,
      what: 'weight',
      want: Number(after('-w', '--weight') ?? 1),
      leaf: 'service.real_servers.weight',
      has: (lab) => found(lab)?.weight,
    },
    ...(['uthreshold', 'lthreshold'] as const).map(
      (name): Wish => ({
        by,
        what: name,
        want: Number(after(name === 'uthreshold' ? '-x' : '-y', `--${name[0]}-threshold`) ?? 0),
        leaf: `service.real_servers.${name}`,
        has: (lab) => found(lab)?.[name],
      }),
    ),
    {
      by,
      what: 'port',
      want: true,
      leaf: 'service.real_servers.port',
      has: (lab) => found(lab) && (method !== 'nat' || [Number(rip[2] ?? port), 0].includes(found(lab)?.port ?? -1)),
    },
  ];
}
