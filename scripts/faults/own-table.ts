import type { NodeCommand } from './fault.ts';
import { onNic } from './sh.ts';

/** Makes a table of nftables. It replaces a table of this name. @param table family and name: `inet web` */
export function setTable(on: string, table: string, chains: string): NodeCommand {
  return { on, run: `nft '${fresh(table)}; table ${table} { ${chains}; }'` };
}

/** The same for the interface that has an address, which the rules name `"$nic"`. */
export function setNicTable(on: string, address: string, table: string, chains: string): NodeCommand {
  const text = `${fresh(table)}; table ${table} { ${chains}; }`;
  return onNic(on, address, `nft '${text.replaceAll('"$nic"', `"'"$nic"'"`)}'`);
}

/** Removes the table, and succeeds even if there is none. */
export function dropTable(on: string, table: string): NodeCommand {
  return { on, run: `nft '${fresh(table)}'` };
}

function fresh(table: string): string {
  return `table ${table}; delete table ${table}`;
}

/** A chain with one rule; everything else passes. */
export function chain(hook: string, rule: string, priority: string | number = 'filter'): string {
  return `chain ${hook} { type filter hook ${hook} priority ${priority}; policy accept; ${rule}; }`;
}
