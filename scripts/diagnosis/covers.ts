import type { StateDifference } from '../state/state.ts';

/** Leaves out differences that follow from others, or belong to the same thing. */
export function apart<T extends StateDifference>(all: readonly T[]): T[] {
  const kept: T[] = [];
  for (const one of [...all].sort((a, b) => rank(a) - rank(b))) {
    const decides = one.section === 'nft' && rank(one) === 0;
    if (decides || !covers(kept, one)) kept.push(one);
  }
  return kept;
}

/** The lowest rank decides: a dropping rule before its table, a configuration file before the process that reads it. */
function rank({ section, key, after }: StateDifference): number {
  if (section === 'nft') {
    if (key.startsWith('rule ')) return / accept$/.test(key) ? 2 : 0;
    return key.startsWith('chain ') ? (/policy drop/.test(after ?? '') ? 0 : 1) : 3;
  }
  return { file: 0, process: 1, socket: 2, module: 4 }[section] ?? 0;
}

/** Whether a difference follows from others, or belongs to the same thing. */
export function covers(others: readonly StateDifference[], { section, key }: StateDifference): boolean {
  return others.some((other) => {
    if (other.section === section && other.key === key) return true;
    switch (section) {
      case 'nft':
        return other.section === 'nft' && tableIn(other.key) === tableIn(key);
      case 'socket':
        return ['process', 'file', 'socket'].includes(other.section);
      case 'process':
        return other.section === 'file';
      case 'ipvs':
        return other.section === 'ipvs' && key.startsWith(`${other.key} -r `) && other.after === undefined;
      case 'module':
        return true;
      default:
        return false;
    }
  });
}

/** `inet lab` of `rule inet lab input: tcp dport 80 drop`. */
function tableIn(key: string): string {
  return key.split(' ').slice(1, 3).join(' ').replace(/:$/, '');
}
