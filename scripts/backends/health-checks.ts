import type { Protocol } from '../model/words.ts';

/**
 * Kinds of health checks: request the page, plain or over TLS; greet the mail server; ask the name server; send a datagram that
 * must be answered; open the port; measure the CPU load and set the weight by it.
 */
export const healthChecks = ['http', 'https', 'smtp', 'dns', 'udp', 'tcp', 'load'] as const;
export type HealthCheck = (typeof healthChecks)[number];

/** The check that requests a page. ldirectord has the same name for it. */
export const pageCheck: HealthCheck = 'http';

/** Those that request a page. */
export const checksOfPages: readonly HealthCheck[] = [pageCheck, 'https'];

/** The checks that ldirectord makes here: it requests a page (negotiate), or else opens the port (connect). */
export const checksOfLdirectord: readonly HealthCheck[] = [pageCheck, 'tcp'];

/** By the names of keepalived.conf(5). */
export const checksOfKeepalived: Readonly<Record<string, HealthCheck>> = {
  HTTP_GET: pageCheck,
  SSL_GET: 'https',
  SMTP_CHECK: 'smtp',
  DNS_CHECK: 'dns',
  UDP_CHECK: 'udp',
  TCP_CHECK: 'tcp',
};

const datagrams: readonly HealthCheck[] = ['dns', 'udp'];

/** Those of some checks that tell something of a service over this protocol. keepalived has none for SCTP. */
export function checksOver(protocol: Protocol, checks: readonly HealthCheck[]): HealthCheck[] {
  if (protocol === 'sctp') return [];
  return checks.filter((one) => datagrams.includes(one) === (protocol === 'udp'));
}
