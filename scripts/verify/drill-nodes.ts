import { patient } from '../host/patience.ts';
import { type PlannedService, theNode } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { type LoadRequest, parseLoad } from './drill-seen.ts';
import { type NodeRunner, nodeRunner } from './on-node.ts';

/** What drills do on nodes. */
export interface DrillNodes extends NodeRunner {
  /** The service that the client asks: the first. */
  service: PlannedService;
  director: string;
  /** What time it is for the client; it goes on when so many more requests were made. */
  mark(count: number): Promise<number>;
  /** Lets the client ask twenty times a second, until the function that it returns is called: that has all its requests. */
  ask(): () => Promise<LoadRequest[]>;
}

/** The longest time that a client asks. */
const seconds = 900;

export function drillNodes(lab: ProvisionedLab, templates: Templates): DrillNodes {
  const { plan } = lab;
  const [service] = plan.services;
  if (!service) throw new Error('a plan without services');
  const client = theNode(plan, 'client').name;
  const director = theNode(plan, 'director').name;
  const { run, script } = nodeRunner(lab, templates, { step: 'drill', deadlineMs: (seconds + 60) * 1000 });
  return {
    service,
    director,
    run,
    script,
    mark: async (count) => Number(await script(client, 'await-load', { count })),
    ask: () => {
      const { vip, endpoints, page } = service;
      const loading = script(client, 'load', {
        address: vip,
        port: endpoints[0]?.port ?? 80,
        page,
        seconds,
        connectTimeout: patient(1000) / 1000,
        answerTimeout: patient(2000) / 1000,
      });
      loading.catch(() => {});
      return async () => {
        await run(client, 'touch /run/lvs-lab-load.stop');
        return parseLoad(await loading);
      };
    },
  };
}
