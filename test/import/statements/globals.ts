import type { Statement, Wish } from './statement.ts';

/** What a keepalived.conf says outside of its virtual servers, and a lab can have. */
export function globalWishes(top: readonly Statement[]): Wish[] {
  const defs = top.filter(({ words: [name] }) => name === 'global_defs').flatMap(({ inside }) => inside);
  return [
    ...defs.filter(({ words: [name] }) => name === 'lvs_timeouts').flatMap(timeoutWishes),
    ...defs.filter(({ words: [name] }) => /^lvs_sync_daemon(_interface)?$/.test(name ?? '')).flatMap(syncWishes),
    ...top.filter(({ words: [name] }) => name === 'vrrp_instance').flatMap(pairWishes),
  ];
}

function timeoutWishes(by: Statement): Wish[] {
  return (['tcp', 'tcpfin', 'udp'] as const).flatMap((name): Wish[] => {
    const at = by.words.indexOf(name);
    if (at < 1) return [];
    return [
      {
        by,
        what: `time-out ${name}`,
        want: Number(by.words[at + 1]),
        leaf: `ipvs.timeouts.${name}`,
        has: (lab) => lab.lab.ipvs.timeouts?.[name],
      },
    ];
  });
}

function syncWishes(by: Statement): Wish[] {
  const names = [
    ['id', 'syncid'],
    ['maxlen', 'maxlen'],
    ['port', 'port'],
    ['ttl', 'ttl'],
  ] as const;
  return [
    { by, what: 'sync daemon', want: true, has: (lab) => lab.lab.backup !== null },
    ...names.flatMap(([word, key]): Wish[] => {
      const at = by.words.indexOf(word);
      if (at < 2) return [];
      return [
        {
          by,
          what: word,
          want: Number(by.words[at + 1]),
          leaf: `backup.sync.${key}`,
          has: (lab) => lab.lab.backup?.sync[key],
        },
      ];
    }),
  ];
}

function pairWishes(by: Statement): Wish[] {
  return [
    { by, what: 'second director', want: true, has: (lab) => lab.lab.backup !== null },
    { what: 'advert_int', want: 1, leaf: 'backup.advert_interval', has: (lab) => lab.lab.backup?.advertInterval },
    ...by.inside.flatMap((one): Wish[] => {
      const [name, word = ''] = one.words;
      const of = (what: string, want: unknown, leaf: string, has: Wish['has']): Wish[] => [
        { by: one, what, want, leaf: `backup.${leaf}`, has },
      ];
      switch (name) {
        case 'advert_int':
          return of(name, Number(word), 'advert_interval', (lab) => lab.lab.backup?.advertInterval);
        case 'preempt_delay':
          return of(name, Number(word), 'preempt_delay', (lab) => lab.lab.backup?.preemptDelay);
        case 'nopreempt':
          return of(name, true, 'nopreempt', (lab) => lab.lab.backup?.nopreempt);
        case 'unicast_src_ip':
        case 'mcast_src_ip':
          return of(
            name,
            true,
            'unicast',
            (lab) => lab.isDirector(word) || (name === 'unicast_src_ip' && lab.lab.backup?.unicast),
          );
        case 'unicast_peer':
          return [one, ...one.inside].map((each) => ({
            by: each,
            what: name,
            want: true,
            leaf: 'backup.unicast',
            has: (lab) => lab.lab.backup?.unicast,
          }));
        case 'virtual_ipaddress':
          return one.inside.map((each) => ({
            by: each,
            what: 'address',
            want: true,
            has: (lab) => lab.lab.backup !== null && lab.hasVip(each.words[0]?.replace(/\/\d+$/, '') ?? ''),
          }));
        default:
          return [];
      }
    }),
  ];
}
