import { isAddress } from '../../../model/addresses.ts';
import { type Imported, nothingImported } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { type Source, Statement } from '../../statement.ts';
import type { Reader } from '../reader.ts';

/** What `ip -oneline address show` prints on a director: a real server with one of these addresses is the director itself. */
export const addresses: Reader = {
  name: 'the output of ip -oneline address show',
  sign: /^\d+: +\S+ +inet6? +[\da-f.:]+\/\d+ /m,
  help: 'the output of ip -oneline address show',
  read,
};

function read(sources: readonly Source[], ledger: Ledger): Imported {
  const own: Imported['own'] = [];
  for (const { name, text } of sources) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const [, device, family, address = '', rest] = /^\d+: +(\S+) +(inet6?) +([^\s/]+)(\S*)/.exec(line) ?? [];
      const words = device ? [device, family ?? '', `${address}${rest ?? ''}`] : line.trim().split(/\s+/);
      const by = ledger.add(new Statement(name, index + 1, words));
      by.from(1);
      if (!isAddress(address)) ledger.leave(by, 'it is no address');
      else {
        ledger.expect(by, 'an address of the director; that of the lab has others');
        own.push({ value: address, by });
      }
    }
  }
  return { ...nothingImported(), own };
}
