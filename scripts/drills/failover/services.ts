import type { Backend } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import type { Plan, PlannedService } from '../../plan/plan.ts';

/** The service that the drill uses in this way. The lint refuses a lab of two directors without it. */
export function serviceOf({ services }: Plan, use: Backend['failover']): PlannedService {
  const found = services.find(({ protocol, fwmark, endpoints }) => {
    return protocol === 'tcp' && fwmark === 0 && endpoints.every(({ backend }) => backendOf(backend).failover === use);
  });
  if (!found) throw new Error(`a plan of two directors without a service whose connections are ${use}`);
  return found;
}
