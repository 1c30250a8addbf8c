import { ipvsSysctlDefaults, ipvsSysctls, ipvsSysctlTexts } from '../../../model/ipvs-sysctls.ts';
import { type Imported, nothingImported } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { type Source, Statement } from '../../statement.ts';
import type { Reader } from '../reader.ts';

/** What `sysctl net.ipv4.vs` prints, and lines of sysctl.conf(5). */
export const sysctls: Reader = {
  name: 'the output of sysctl net.ipv4.vs',
  sign: /^net[./]ipv4[./]vs[./]\w+[ \t]*=/m,
  help: 'lines net.ipv4.vs.NAME = VALUE',
  read,
};

function read(sources: readonly Source[], ledger: Ledger): Imported {
  const found: Imported['sysctls'] = [];
  for (const { name: file, text } of sources) {
    for (const [index, line] of text.split('\n').entries()) {
      if (/^\s*([#;]|$)/.test(line)) continue;
      const by = ledger.add(new Statement(file, index + 1, line.trim().split(/\s+/)));
      const [, name, value = ''] = /^\s*-?net[./]ipv4[./]vs[./](\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      const known = ipvsSysctls.find((one) => one === name);
      by.from(1);
      if (!name) ledger.leave(by, 'it is no setting of net.ipv4.vs');
      else if (!known) ledger.leave(by, 'a lab file has no such setting');
      else if (ipvsSysctlDefaults[known] === undefined)
        ledger.leave(by, 'its default depends on the machine, so import does not know whether somebody has set it');
      else if (ipvsSysctlDefaults[known] === value.replace(/\s+/g, ' ')) ledger.keep(by);
      else found.push({ name: known, value: ipvsSysctlTexts[known] ? value.replace(/\s+/g, ' ') : Number(value), by });
    }
  }
  return { ...nothingImported(), sysctls: found };
}
