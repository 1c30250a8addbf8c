import { methodNames } from '../../../ipvs/methods.ts';
import { familyOf } from '../../../model/addresses.ts';
import { type Mode, modes, type Protocol } from '../../../model/words.ts';
import type { Imported, ImportedServer, ImportedService, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { type Source, Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { addressOf } from '../ipvsadm/addresses.ts';
import type { Reader } from '../reader.ts';

/** What `ipvsadm -Ln` prints. */
export const listing: Reader = {
  name: 'the output of ipvsadm -Ln',
  sign: /^(IP Virtual Server version|Prot LocalAddress:Port|[ \t]*-> \S+[ \t]+(Masq|Route|Tunnel|Local)\b)/m,
  help: 'the output of ipvsadm -Ln, or better that of ipvsadm-save -n',
  read,
};

const untold =
  'ipvsadm -Ln tells no thresholds, no kinds of tunnels and no time-outs, and sorts real servers by address: the kernel may schedule them in another order';

const protocols: Readonly<Record<string, Protocol | 'mark'>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp', FWM: 'mark' };

/** Headings, and what a shell prints around them. */
const headings = /^(IP Virtual Server version|Prot LocalAddress|-> RemoteAddress)/;

function read(sources: readonly Source[], ledger: Ledger): Imported {
  const services: ImportedService[] = [];
  for (const { name, text } of sources) {
    for (const [index, raw] of text.split('\n').entries()) {
      const words = raw.trim().split(/\s+/);
      if (raw.trim() === '' || headings.test(raw.trim())) continue;
      const by = ledger.add(new Statement(name, index + 1, words, words[0] === '->' ? services.at(-1)?.by : undefined));
      const made = words[0] === '->' ? serverOf(by, services.at(-1), ledger) : serviceOf(by, ledger);
      if (made instanceof Wrong) ledger.leave(by, made.why);
      else if ('servers' in made) services.push(made);
      else services.at(-1)?.servers.push(made);
    }
  }
  return { services, own: [], sysctls: [], pairs: [], untold: [untold] };
}

/** `TCP  192.0.2.1:80 mh (mh-port) persistent 300 mask 255.255.255.0 ops`, `FWM  7 IPv6 rr`. */
function serviceOf(by: Statement, ledger: Ledger): ImportedService | Wrong {
  const protocol = protocols[by.name];
  if (!protocol) return new Wrong('not a line of ipvsadm -Ln');
  const marked = protocol === 'mark';
  const target = by.word(1) ?? '';
  const place = marked ? { address: '', port: /^\d+$/.test(target) ? Number(target) : undefined } : addressOf(target);
  if (place instanceof Wrong) return place;
  if (place.port === undefined) return new Wrong(`${JSON.stringify(target)} has no number`);
  let at = 2;
  const ipv6 = marked ? by.words[2] === 'IPv6' : familyOf(place.address) === 6;
  if (marked && ipv6) by.word(at++);
  const scheduler = by.word(at++) ?? '';
  const flags = /^\(.*\)$/.test(by.words[at] ?? '') ? (by.word(at++) ?? '').slice(1, -1).split(',') : [];
  const options = optionsOf(by, at, ledger);
  return {
    by,
    also: [],
    protocol,
    vip: place.address,
    port: place.port,
    ipv6,
    scheduler: { value: scheduler, by },
    flags: flags.map((value) => ({ value, by })),
    ...options,
    servers: [],
  };
}

function optionsOf(
  by: Statement,
  from: number,
  ledger: Ledger,
): Pick<ImportedService, 'persistence' | 'granularity' | 'ops'> {
  const found = {
    persistence: { value: 0 } as Said<number>,
    granularity: { value: '' } as Said<string>,
    ops: { value: false } as Said<boolean>,
  };
  for (let at = from; at < by.words.length; at++) {
    const word = by.words[at];
    const value = by.words[at + 1] ?? '';
    if (word === 'persistent' && /^\d+$/.test(value)) found.persistence = { value: Number(value), by };
    else if (word === 'mask') found.granularity = { value, by };
    else if (word === 'pe') ledger.leave(by, `pe ${value}: a lab has no persistence engine`);
    else if (word === 'ops') found.ops = { value: true, by };
    else continue;
    by.word(at);
    if (word !== 'ops') by.word(++at);
  }
  return found;
}

/** `-> 198.51.100.1:80   Route   1      0          0`: the last two columns count connections of the moment. */
function serverOf(by: Statement, service: ImportedService | undefined, ledger: Ledger): ImportedServer | Wrong {
  if (!service) return new Wrong('no service is above it');
  const place = addressOf(by.word(1) ?? '');
  if (place instanceof Wrong) return place;
  const word = by.word(2) ?? '';
  const mode: Mode | undefined = word === 'Local' ? 'dr' : modes.find((one) => methodNames[one] === word);
  const weight = by.word(3) ?? '';
  if (!mode || !/^\d+$/.test(weight)) return new Wrong('its columns are not those of ipvsadm -Ln');
  by.word(4);
  by.word(5);
  if (by.words.length > 6) ledger.leave(by, 'it has more columns than ipvsadm -Ln');
  by.from(6);
  return {
    by,
    also: [],
    address: place.address,
    port: place.port ?? 0,
    forwarding: { value: mode, by },
    weight: { value: Number(weight), by },
    upper: { value: 0 },
    lower: { value: 0 },
    tunnel: { value: 'ipip' },
    tunnelPort: { value: 0 },
    checks: [],
    quiescent: { value: false },
    local: word === 'Local',
  };
}
