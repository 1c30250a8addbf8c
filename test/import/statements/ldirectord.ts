import type { Expected, Statement, Wish } from './statement.ts';

const methods: Readonly<Record<string, string>> = { gate: 'dr', masq: 'nat', ipip: 'tun' };

/** What a lab must have of an ldirectord.cf, by ldirectord(8). */
export function expectedOfLdirectord(text: string): Expected {
  const top: Statement[] = [];
  let owner: Statement | undefined;
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(raw)) continue;
    const inside = /^\s/.test(raw) && owner !== undefined;
    const line = (inside ? raw.replace(/#.*$/, '') : raw).trim();
    if (line === '') continue;
    const [key = '', ...rest] = line.split('=');
    const value = rest.join('=').trim();
    const one: Statement = {
      lines: [at + 1],
      words: value === '' ? [key.trim()] : [key.trim(), ...value.split(/\s+/)],
      inside: [],
      opens: false,
      parent: inside ? owner : undefined,
    };
    if (inside) owner?.inside.push(one);
    else {
      top.push(one);
      owner = /^virtual6?$/.test(key.trim()) ? one : undefined;
    }
  }
  return {
    statements: top.flatMap((one) => [one, ...one.inside]),
    wishes: top.flatMap((one) => (/^virtual6?$/.test(one.words[0] ?? '') ? serviceWishes(one, top) : [])),
    structure: new Set(),
  };
}

function serviceWishes(by: Statement, top: readonly Statement[]): Wish[] {
  const block = by.inside;
  const said = (name: string, from = block) => from.findLast(({ words: [word] }) => word === name);
  const [, target = ''] = by.words;
  const [, address = '', port = ''] = /^\[?([^\]]*?)\]?:(\w+)$/.exec(target) ?? [];
  const mark = /^\d+$/.test(target);
  const protocol = said('protocol')?.words[1] ?? (port === '53' ? 'udp' : 'tcp');
  const numbers: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, smtp: 25, domain: 53 };
  const key = mark ? `mark ${target}` : `${protocol} ${address} ${numbers[port] ?? port}`;
  const scheduler = said('scheduler');
  const persistence = said('persistent');
  const wish = (name: string, want: unknown, leaf: string, has: Wish['has']): Wish => ({
    by: said(name),
    what: name,
    want,
    leaf,
    has,
  });
  const wishes: Wish[] = [
    {
      by,
      what: 'service',
      want: true,
      leaf: `service.${mark ? 'fwmark' : 'port'}`,
      has: (lab) => lab.service(key) !== undefined,
    },
    {
      what: 'program',
      want: true,
      leaf: 'health.by',
      has: (lab) => lab.checksOf(key).length > 0,
    },
    wish('protocol', mark ? said('protocol')?.words[1] : protocol, 'service.protocol', (lab) =>
      mark && lab.service(key) ? 'fwm' : lab.service(key)?.protocol,
    ),
    wish('scheduler', scheduler?.words[1] ?? 'wrr', 'service.scheduler', (lab) => lab.service(key)?.scheduler),
    wish(
      'persistent',
      Number(persistence?.words[1] ?? 0),
      'service.persistence',
      (lab) => lab.service(key)?.persistence,
    ),
    wish(
      'netmask',
      said('netmask')?.words[1]?.replace('255.255.255.255', '') ?? '',
      'service.persistence_granularity',
      (lab) => lab.service(key)?.persistenceGranularity,
    ),
    ...healthWishes(block, top, key),
    ...serverWishes(by, key, port === '' ? 0 : (numbers[port] ?? Number(port))),
  ];
  return wishes.filter((one) => one.by || one.what !== 'protocol').map((one) => ({ ...one, target: by }));
}

function healthWishes(block: readonly Statement[], top: readonly Statement[], key: string): Wish[] {
  const names = [
    ['checkinterval', 'interval', 10],
    ['negotiatetimeout', 'timeout', 30],
    ['checktimeout', 'timeout', 5],
    ['failurecount', 'retry', 1],
  ] as const;
  const health = (lab: Parameters<Wish['has']>[0]) => (lab.service(key) ? lab.lab.health : undefined);
  const last = (name: string) =>
    [block, top].map((from) => from.findLast(({ words: [word] }) => word === name)).find((one) => one);
  const values = names.flatMap(([name, value, usual]): Wish[] => {
    const by = last(name);
    const want = Number(by?.words[1] ?? usual) - (value === 'retry' ? 1 : 0);
    return [{ by, what: name, want, leaf: `health.${value}`, has: (lab) => health(lab)?.[value] }];
  });
  const [quiescent, fallback, service, type] = ['quiescent', 'fallback', 'service', 'checktype'].map(last);
  const wishes: Wish[] = [
    ...values,
    {
      by: quiescent,
      what: 'quiescent',
      want: quiescent?.words[1] === 'yes',
      leaf: 'health.quiescent',
      has: (lab) => health(lab)?.quiescent,
    },
    {
      by: fallback,
      what: 'fallback',
      want: fallback !== undefined,
      leaf: 'health.sorry_server',
      has: (lab) => health(lab)?.sorryServer,
    },
    { by: service, what: 'service', want: service?.words[1], has: (lab) => health(lab) && lab.checksOf(key)[0] },
    {
      by: type,
      what: 'checktype',
      want: true,
      has: (lab) => lab.checksOf(key).length > 0,
    },
  ];
  return wishes.filter((one) => one.by !== undefined || one.leaf !== undefined);
}

function serverWishes(service: Statement, key: string, port: number): Wish[] {
  return service.inside
    .filter(({ words: [name = ''] }) => /^real6?$/.test(name))
    .flatMap((real): Wish[] => {
      const text = real.words
        .slice(1)
        .join(' ')
        .replace(/\s*->\s*/, '->');
      const [place = '', method = '', weight = '1'] = text.split(/\s+/);
      const [, from = '', to, own] = /^\[?([^\]>]*?)\]?(?::\w+)?(?:->\[?([^\]]*?)\]?)?(?::(\w+))?$/.exec(place) ?? [];
      const at = (address: string, nth: number): Wish[] => [
        {
          by: real,
          what: 'method',
          want: methods[method],
          leaf: 'real_servers.mode',
          has: (lab) => lab.server(key, address, nth)?.mode,
        },
        {
          by: real,
          what: 'weight',
          want: Number(/^\d+$/.test(weight) ? weight : 1),
          leaf: 'service.real_servers.weight',
          has: (lab) => lab.server(key, address, nth)?.weight,
        },
        ...(
          [
            ['uthreshold', 'u'],
            ['lthreshold', 'l'],
          ] as const
        ).map(
          ([name, letter]): Wish => ({
            by: real,
            what: name,
            want: Number(new RegExp(`\\s${letter}:(\\d+)`).exec(text)?.[1] ?? 0),
            leaf: `service.real_servers.${name}`,
            has: (lab) => lab.server(key, address, nth)?.[name],
          }),
        ),
        {
          by: real,
          what: 'port',
          want: true,
          leaf: 'service.real_servers.port',
          has: (lab) => {
            const found = lab.server(key, address, nth);
            return (
              found &&
              (method !== 'masq' ||
                key.startsWith('mark') ||
                found.port === Number(own ?? (place.includes(':') && !to ? place.split(':').at(-1) : port)))
            );
          },
        },
      ];
      const same = service.inside.filter((one) => one.words[1] === real.words[1]).indexOf(real);
      return [from, ...(to ? [to] : [])].flatMap((one) => at(one, Math.max(same, 0)));
    });
}
