import { ruler } from '../../scripts/comparison/instructions.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { tracedFunctions } from '../../scripts/path/traced-functions.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { shellQuote } from '../../scripts/render/shell-quote.ts';
import type { Rendered } from '../render/golden.ts';

const nics = [
  { network: 'front', mac: '52:54:00:01:0d:01', address: '192.168.1.2' },
  { network: 'back', mac: '52:54:00:02:0d:01', address: '172.16.1.2' },
];

const capture = { id: 'f00d', seconds: 300, blocks: 16_384 };

const growth = {
  vip: '192.168.1.3',
  servers: 2,
  services: 3,
  destinations: '172.16.1.4:20000 172.16.1.5:20001',
  scheduler: 'rr',
};

/** The scripts that track a request on a node, with values like a lab's. */
export const trackingScripts: readonly Rendered[] = [
  { template: 'tracking/capture-start', context: { node: 'director', nics, ...capture } },
  { template: 'tracking/capture-stop', context: { node: 'director', nics, ...capture } },
  {
    template: 'tracking/trace-start',
    context: { node: 'director', functions: tracedFunctions.map(shellQuote).join(' ') },
  },
  {
    template: 'tracking/calls-start',
    context: { node: 'director', nics, functions: [ruler].map(shellQuote).join(' '), ruler: true },
  },
  {
    template: 'tracking/calls-start',
    context: { node: 'director', nics, functions: 'ip_vs_in_hook', ruler: false },
  },
  { template: 'tracking/calls-stop', context: { node: 'director' } },
  ...['ipvs', 'rules', 'map'].map((way) => ({
    template: 'tracking/growth-director',
    context: { node: 'director', ...growth, way, ipvs: way === 'ipvs', nft: way !== 'ipvs', map: way === 'map' },
  })),
  { template: 'tracking/growth-server', context: { node: 'rs1' } },
  { template: 'tracking/growth-requests', context: { node: 'client', vip: '192.168.1.3', requests: 3 } },
  { template: 'tracking/trace-stop', context: { node: 'director', nics } },
];

export async function trackingTexts(): Promise<{ name: string; text: string }[]> {
  const render = renderer(await loadTemplates(projectRoot));
  return trackingScripts.map((script) => ({ name: script.template, text: render(script) }));
}
