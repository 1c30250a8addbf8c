/** What health checks can look at: the page, whether the port is open, or how busy the CPU is, which the weight follows. */
export const healthChecks = ['http', 'tcp', 'load'] as const;
export type HealthCheck = (typeof healthChecks)[number];

/** When the lab file names none. */
export const defaultHealthChecks: readonly HealthCheck[] = ['http'];
