import type { NodeCommand } from '../../scripts/faults/fault.ts';
import { nftFacts } from '../../scripts/state/sources/nft.ts';
import type { StateEntry } from '../../scripts/state/state.ts';

/** The facts of tables that a command `nft 'table …; table … { chain … { …; }; }'` makes. The NIC is eth0. */
export function tablesMade({ run }: NodeCommand): StateEntry[] {
  const text = run.replaceAll(`'"$nic"'`, 'eth0');
  const [, table = '', body = ''] = /(table \S+ \S+) \{ (.*); \}/.exec(text) ?? [];
  const chains = body.split(/(?<=\}); /).map((chain) => {
    const [, head = '', rules = ''] = /^(chain \S+) \{ (.*?);? \}$/.exec(chain) ?? [];
    const [type = '', policy = '', ...lines] = rules.split('; ');
    return `${head} {\n${[`${type}; ${policy};`, ...lines].join('\n')}\n}`;
  });
  return nftFacts(`${table} {\n${chains.join('\n')}\n}`);
}

/** The facts of one chain with these rules. */
export function chainOf(table: string, hook: string, rules: readonly string[], policy = 'accept'): StateEntry[] {
  const head = `type filter hook ${hook} priority filter; policy ${policy};`;
  return nftFacts(`table ${table} {\nchain own {\n${[head, ...rules].join('\n')}\n}\n}`);
}
