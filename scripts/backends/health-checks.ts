/** Kinds of health checks: request the page, open the port, or measure the CPU load and set the weight by it. */
export const healthChecks = ['http', 'tcp', 'load'] as const;
export type HealthCheck = (typeof healthChecks)[number];

/** The health checks of a lab file that names none. */
export const defaultHealthChecks: readonly HealthCheck[] = ['http'];

/** The check that requests a page. ldirectord has the same name for it. */
export const pageCheck: HealthCheck = 'http';

/** By the names of keepalived.conf(5). */
export const checksOfKeepalived: Readonly<Record<string, HealthCheck>> = { HTTP_GET: pageCheck, TCP_CHECK: 'tcp' };
