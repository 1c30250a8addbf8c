import { own } from '../../own.ts';
import { sh } from '../../render/shell-line.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import type { Facts, Section } from '../section.ts';

/** Keys of `nft`: a kind, the table (two words), and a name. */
const keyPattern = /^(\S+(?: \S+)??) (ip6?|inet|arp|bridge|netdev) (\S+)(?: (\S+?)(?:: (.*))?)?$/s;

export const nft: Section = {
  name: 'nft',
  meaning({ key, before, after }) {
    if (key.startsWith('rules ')) return 'the order of the rules: the first rule that decides counts';
    if (key.startsWith('chain '))
      return 'what happens to packets for which no rule of the chain decides, or which packets reach the chain';
    if (key.startsWith('table ')) return after === undefined ? 'all of its rules are gone' : 'rules for packets';
    if (!key.startsWith('rule ')) return 'what rules look up';
    const rule = /: (.*)$/s.exec(key)?.[1] ?? '';
    const does = verdictOf(rule);
    if (after === undefined) return `the rule is gone that ${does}`;
    return before === undefined ? `a rule that ${does}` : 'the rule is there another number of times';
  },
  undo({ key, before }, states) {
    const [, kind = '', family = '', table = '', name = ''] = keyPattern.exec(key) ?? [];
    const place = `${family} ${table}`;
    const isNew = states.before.of('nft', `table ${place}`) === undefined;
    const isGone = states.after.of('nft', `table ${place}`) === undefined;
    if ((isNew || isGone) && kind !== 'table') return undefined; // with its table
    if (kind === 'table' && before === undefined) return sh`nft delete table ${place}`;
    const chain = `${place} ${name}`;
    const known = states.before.of('nft', `chain ${chain}`) !== undefined;
    if (kind === 'chain' && before === undefined)
      return `nft ${shellQuote(`flush chain ${chain}; delete chain ${chain}`)}`;
    if (kind === 'rule' && !known) return undefined; // with its chain
    if (['rule', 'rules'].includes(kind) && known) return rulesAgain(chain, states.before);
    if (kind === 'chain' && before && states.after.of('nft', key) !== undefined) {
      return `nft ${shellQuote(`add chain ${chain} { ${before} }`)}`;
    }
    return tableAgain(place, states.before, states.after);
  },
};

const verdicts: [pattern: RegExp, does: string][] = [
  [/\bdrop\b|"DROP"/, 'drops packets'],
  [/\breject\b|"REJECT"/, 'refuses packets'],
  [/\b(masquerade|snat)\b/, 'changes the source of connections'],
  [/\b(dnat|redirect)\b/, 'changes the destination of connections'],
  [/\bmark set\b/, 'marks packets'],
  [/\b(dup|fwd|tproxy|queue)\b/, 'sends packets elsewhere'],
  [/\bmaxseg\b/, 'changes the largest segment size (MSS) of TCP'],
  [/\bnotrack\b/, 'keeps connections out of connection tracking'],
  [/\bset\b/, 'changes packets'],
  [/\baccept\b/, 'accepts packets'],
];

function verdictOf(rule: string): string {
  const bare = rule.replace(/"(?!DROP|REJECT)[^"]*"/g, '');
  return verdicts.find(([pattern]) => pattern.test(bare))?.[1] ?? 'packets may meet';
}

/** What nft prints of rules that it cannot express itself, and so does not read. */
const foreign = /\bxt (match|target) /;

/** The rules of a chain replaced at once by those that were there. */
function rulesAgain(chain: string, before: Facts): string | undefined {
  const rules = before.of('nft', `rules ${chain}`) ?? '';
  if (foreign.test(rules)) return undefined;
  const adds = rules
    .split('\n')
    .filter(Boolean)
    .map((rule) => `add rule ${chain} ${rule}`);
  return `nft ${shellQuote([`flush chain ${chain}`, ...adds].join('; '))}`;
}

/** A whole table replaced at once by the one that was there. */
function tableAgain(place: string, before: Facts, after: Facts): string | undefined {
  const own = before.of('nft', `table ${place}`);
  if (own === undefined) return undefined;
  const parts = before.below('nft', '').flatMap(({ key, value }) => {
    const [, kind = '', family = '', table = '', name = ''] = keyPattern.exec(key) ?? [];
    if (`${family} ${table}` !== place || ['table', 'rule', 'rules'].includes(kind)) return [];
    const rules = kind === 'chain' ? (before.of('nft', `rules ${place} ${name}`) ?? '').split('\n') : [];
    return `${kind} ${name} { ${[value.replace(/;$/, ''), ...rules].filter(Boolean).join('; ')}; }`;
  });
  const text = [...(own ? [own] : []), ...parts].join('; ');
  if (foreign.test(text)) return undefined;
  const removed = after.of('nft', `table ${place}`) === undefined ? '' : `delete table ${place}; `;
  return `nft ${shellQuote(`${removed}table ${place} { ${text}; }`)}`;
}

/** A rule as iptables-save prints it, where a word with blanks stands in double quotes (xtables_save_string). */
function saved(rule: string): string {
  const words = rule.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return words
    .map((word) => shellQuote(/^".*"$/s.test(word) ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word))
    .join(' ');
}

/** iptables-legacy and ip6tables-legacy. */
function legacy(name: string): Section {
  return {
    name,
    meaning({ key, after }) {
      if (/ rules /.test(key)) return 'the order of the rules: the first rule that decides counts';
      if (/ chain /.test(key)) return 'what happens to packets for which no rule of the chain decides';
      const [, target = ''] = / -j (\S+)/.exec(key) ?? [];
      const does = own(targets, target) ?? 'packets may meet';
      return after === undefined ? `the rule is gone that ${does}` : `a rule that ${does}`;
    },
    undo({ key, before }, states) {
      const [table = '', word = '', ...rest] = key.split(' ');
      const tool = sh`${name}-legacy -t ${table}`;
      const chain = rest[0] ?? '';
      if (word === 'chain' && before === undefined) {
        return states.after.of(name, key) === '-'
          ? `${tool} ${sh`-F ${chain}`}; ${tool} ${sh`-X ${chain}`}`
          : `${tool} ${sh`-P ${chain} ACCEPT`}`;
      }
      if (word === 'chain') return `${tool} ${before === '-' ? sh`-N ${chain}` : sh`-P ${chain} ${before ?? ''}`}`;
      const all = (states.before.of(name, `${table} rules ${chain}`) ?? '').split('\n').filter(Boolean);
      if (word === 'rules') return [sh`-F ${chain}`, ...all.map(saved)].map((words) => `${tool} ${words}`).join('; ');
      if (before === undefined) return `${tool} -D ${saved(rest.join(' '))}`;
      const place = all.indexOf(`${word} ${rest.join(' ')}`) + 1;
      return `${tool} ${sh`-I ${chain} ${place}`} ${saved(rest.slice(1).join(' '))}`;
    },
  };
}

const targets: Record<string, string> = {
  DROP: 'drops packets',
  REJECT: 'refuses packets',
  ACCEPT: 'accepts packets',
  SNAT: 'changes the source of connections',
  MASQUERADE: 'changes the source of connections',
  DNAT: 'changes the destination of connections',
  REDIRECT: 'changes the destination of connections',
  MARK: 'marks packets',
  TCPMSS: 'changes the largest segment size (MSS) of TCP',
};

export const iptables = legacy('iptables');
export const ip6tables = legacy('ip6tables');

/** Tables that no program on the node shows. */
function hidden(name: string, modules: string): Section {
  return {
    name,
    meaning: () => `a table of ${name}: its rules may drop or change packets, and no program on the node shows them`,
    undo: ({ key, before }) =>
      before === undefined ? sh`modprobe -r ${modules.replace('TABLE', key.replace('table ', ''))}` : undefined,
  };
}

export const arptables = hidden('arptables', 'arptable_TABLE');
export const ebtables = hidden('ebtables', 'ebtable_TABLE');
