import type { Imported } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import type { Source } from '../../statement.ts';
import type { Reader } from '../reader.ts';
import { Run } from './run.ts';

/** The output of ipvsadm-save, and scripts with commands of ipvsadm. */
export const ipvsadm: Reader = {
  name: 'ipvsadm’s commands',
  sign: /(^|[\s/"';&|`(])ipvsadm\b|^[ \t]*-(-(add|edit|set|clear)|[AEaeDdC])\b/m,
  help: 'the output of ipvsadm-save -n, or a script with its commands',
  read,
};

const savedOnly =
  'ipvsadm-save tells no thresholds, and sorts real servers by address: the kernel may schedule them in another order';

function read(sources: readonly Source[], ledger: Ledger): Imported {
  const run = new Run(ledger);
  for (const { name, text } of sources) run.file(name, text);
  const { services, timeouts } = run.table;
  const saved = sources.every(({ text }) => !/ipvsadm[ \t]+-/.test(text));
  const sorted = services.some(({ servers }) => servers.length > 1);
  return {
    services,
    own: [],
    ...(timeouts && { timeouts }),
    sysctls: run.sysctls,
    pairs: [],
    untold: saved && sorted ? [savedOnly] : [],
  };
}
