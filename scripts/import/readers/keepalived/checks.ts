import { checksOfKeepalived, checksOfPages } from '../../../backends/health-checks.ts';
import type { Check, Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { named, timeOf, truth } from './values.ts';

/** Defaults of keepalived, in seconds: check_data.h, alloc_vs in check_data.c; retry and its delay are in keepalived.conf(5). */
const usual = { delay_loop: 60, connect_timeout: 5, retry: 1, delay_before_retry: 1 };
const usualRetry: Readonly<Record<string, number>> = { DNS_CHECK: 3, MISC_CHECK: 0 };
const usualRetryDelay: Readonly<Record<string, number>> = { HTTP_GET: 3, SSL_GET: 3 };

/** The health checks of a real server. */
export function checksOf(server: Statement, service: Statement, ledger: Ledger): Check[] {
  const checks = server.block?.filter(({ name, block }) => block && /_(CHECK|GET)$/.test(name)) ?? [];
  return checks.map((by) => {
    const kind = checksOfKeepalived[by.name];
    const blocks = [by, server, service];
    const time = (name: string, otherwise: number) => timeOf(ledger, blocks, name, otherwise);
    const interval = time('delay_loop', usual.delay_loop);
    const pause = by.name === 'DNS_CHECK' ? interval.value : (usualRetryDelay[by.name] ?? usual.delay_before_retry);
    return {
      by,
      ...(kind && { kind }),
      interval,
      timeout: time('connect_timeout', usual.connect_timeout),
      retry: time('retry', usualRetry[by.name] ?? usual.retry),
      retryDelay: time('delay_before_retry', pause),
      alpha: alphaOf(blocks, ledger),
      alike: kind && checksOfPages.includes(kind) ? pageOf(by, ledger) : [],
    };
  });
}

/** As the innermost block says. */
function alphaOf(blocks: readonly Statement[], ledger: Ledger): Said<boolean> {
  const found = blocks.map(({ block }) => lastSaid(ledger, named(block, 'alpha'), false, truth));
  return found.find(({ by }) => by) ?? { value: false };
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
