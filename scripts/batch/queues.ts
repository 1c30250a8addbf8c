/** Queues that can do jobs on other computers. */
export const queues = ['slurm'] as const;
export type Queue = (typeof queues)[number];
