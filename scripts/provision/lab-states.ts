import type { Place } from '../host/paths.ts';
import type { Plan } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import type { Remote } from '../remote/remote.ts';

/** A lab whose machines run, set up or not. */
export interface BootedLab {
  plan: Plan;
  place: Place;
  machines: Machine[];
}

/** A lab whose scripts have run, with an open connection to each node. */
export interface ProvisionedLab extends BootedLab {
  remotes: Map<string, Remote>;
}

export function remoteTo(lab: ProvisionedLab, node: string): Remote {
  const remote = lab.remotes.get(node);
  if (!remote) throw new Error(`no connection to ${node}`);
  return remote;
}

export function disconnect({ remotes }: Pick<ProvisionedLab, 'remotes'>): void {
  for (const remote of remotes.values()) remote.close();
}
