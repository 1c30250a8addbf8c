/** Kinds of health checks: request the page, open the port, or measure the CPU load and set the weight by it. */
export const healthChecks = ['http', 'tcp', 'load'] as const;
export type HealthCheck = (typeof healthChecks)[number];

/** The health checks of a lab file that names none. */
export const defaultHealthChecks: readonly HealthCheck[] = ['http'];
