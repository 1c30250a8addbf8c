import type { Backend } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import type { Plan, PlannedService } from '../../plan/plan.ts';

/** Whether the lab has what the drill needs. */
export function canMeasure(plan: Plan): boolean {
  return found(plan, 'held') !== undefined && found(plan, 'asked') !== undefined;
}

/** The service that the drill uses in this way. */
export function serviceOf(plan: Plan, use: Backend['failover']): PlannedService {
  const service = found(plan, use);
  if (!service) throw new Error(`a plan of two directors without a service whose connections are ${use}`);
  return service;
}

function found({ services }: Plan, use: Backend['failover']): PlannedService | undefined {
  return services.find(({ protocol, fwmark, endpoints }) => {
    return protocol === 'tcp' && fwmark === 0 && endpoints.every(({ backend }) => backendOf(backend).failover === use);
  });
}
