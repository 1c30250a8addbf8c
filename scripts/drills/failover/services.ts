import type { Backend } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import type { Plan, PlannedService } from '../../plan/plan.ts';

/** The service that the drill uses in this way, as the lint asks for. */
export function serviceOf({ services }: Plan, wish: Backend['failover']): PlannedService {
  const found = services.find(({ protocol, fwmark, endpoints }) => {
    return protocol === 'tcp' && fwmark === 0 && endpoints.every(({ backend }) => backendOf(backend).failover === wish);
  });
  if (!found) throw new Error(`a plan of two directors without ${wish}`);
  return found;
}
