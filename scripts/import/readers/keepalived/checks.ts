import { checksOfKeepalived, pageCheck } from '../../../backends/health-checks.ts';
import type { Check } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import type { Statement } from '../../statement.ts';
import { named, timeOf } from './values.ts';

/** Defaults of keepalived, in seconds: check_data.h, alloc_vs in check_data.c. */
const usual = { delay_loop: 60, connect_timeout: 5 };

/** The health checks of a real server. */
export function checksOf(server: Statement, service: Statement, ledger: Ledger): Check[] {
  const checks = server.block?.filter(({ name, block }) => block && /_(CHECK|GET)$/.test(name)) ?? [];
  return checks.map((by) => {
    const kind = checksOfKeepalived[by.name];
    const blocks = [by, server, service];
    return {
      by,
      ...(kind && { kind }),
      interval: timeOf(ledger, blocks, 'delay_loop', usual.delay_loop),
      timeout: timeOf(ledger, blocks, 'connect_timeout', usual.connect_timeout),
      alike: kind === pageCheck ? pageOf(by, ledger) : [],
    };
  });
}

/** What a lab's check of a page does anyway: it asks for / and wants status 200. */
function pageOf(by: Statement, ledger: Ledger): Statement[] {
  const [url, ...others] = named(by.block, 'url');
  for (const other of others) ledger.leave(other, 'the check of a lab asks for one page');
  if (!url) return [];
  const inside = url.block ?? [];
  for (const one of inside) {
    if (one.name === 'path' && one.words[1] !== '/')
      ledger.leave(one, 'the check of a lab asks for the page of the lab');
    if (one.name === 'status_code' && one.text !== 'status_code 200')
      ledger.leave(one, 'the check of a lab wants status 200');
  }
  const alike = inside.filter(({ text }) => /^(path \/|status_code 200)$/.test(text));
  for (const one of alike) one.from(1);
  return [url, ...alike];
}
