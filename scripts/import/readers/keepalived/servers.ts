import { weightRange } from '../../../model/limits.ts';
import type { ImportedServer, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid, wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { checksOf } from './checks.ts';
import { type Method, methodAfter, nat } from './methods.ts';
import { addressOf, named, truth } from './values.ts';

/** What a virtual server says for all of its real servers. */
export interface Shared {
  weight: Said<number>;
  quiescent: Said<boolean>;
  /** The method when a real server begins, and at the end. */
  methodAt(server: Statement): Method;
  method: Method;
}

/** A real server, or why keepalived has none. */
export function serverOf(by: Statement, service: Statement, shared: Shared, ledger: Ledger): ImportedServer | Wrong {
  const place = addressOf(by, 1);
  if (place instanceof Wrong) return place;
  const { block } = by;
  const number = (name: string, most: number, otherwise: Said<number>) => {
    const found = lastSaid(ledger, named(block, name), -1, (one) => wholeNumber(one.word(1), 0, most));
    return found.by ? found : otherwise;
  };
  const begin = shared.methodAt(by);
  const own = named(block, 'lvs_method').reduce((before, one) => methodAfter(before, one, ledger), detached(begin));
  const used = own.mode ? { ...attached(own, begin), mode: own.mode.by ? own.mode : begin.mode } : shared.method;
  const inhibit = lastSaid(ledger, named(block, 'inhibit_on_failure'), false, truth);
  return {
    by,
    also: [],
    ...place,
    forwarding: used.mode ?? nat,
    weight: number('weight', weightRange.most, shared.weight),
    upper: number('uthreshold', 2 ** 32 - 1, { value: 0 }),
    lower: number('lthreshold', 2 ** 32 - 1, { value: 0 }),
    tunnel: used.tunnel,
    tunnelPort: used.tunnelPort,
    checks: checksOf(by, service, ledger),
    quiescent: inhibit.by ? inhibit : shared.quiescent,
  };
}

/** A method of the virtual server, which a real server may override without anything being said twice. */
function detached({ mode, tunnel, tunnelPort }: Method): Method {
  return {
    mode: mode && { value: mode.value },
    tunnel: { value: tunnel.value },
    tunnelPort: { value: tunnelPort.value },
  };
}

/** The method of a real server, with the statements of the virtual server for what it does not say itself. */
function attached(own: Method, before: Method): Method {
  return {
    mode: own.mode,
    tunnel: own.tunnel.by ? own.tunnel : before.tunnel,
    tunnelPort: own.tunnelPort.by ? own.tunnelPort : before.tunnelPort,
  };
}
