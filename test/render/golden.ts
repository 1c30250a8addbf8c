import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { backends } from '../../scripts/backends/index.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan, PlannedScript } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer, renderPlan, type Script } from '../../scripts/render/render.ts';

const ownFolder = join(projectRoot, 'test/labs');

/** Labs of the tests' own, for what the shipped ones leave out. */
const ownLabs = (await readdir(ownFolder)).flatMap((file) => (file.endsWith('.yaml') ? parse(file).name : [])).sort();

/** Of these, one for each backend that no shipped lab has. */
export const backendLabs = ownLabs.filter((name) => name.startsWith('backend-'));

/** The shipped labs, and the tests' own. */
export async function allLabs(): Promise<string[]> {
  return [...(await listLabFiles()).keys(), ...ownLabs];
}

/** Labs that between them have every script. */
export const goldenLabs = [
  ...['dr', 'nat', 'nat-centos', 'tun', 'mixed-modes', 'thresholds', 'ports', 'watched', 'web', 'ocfs2', 'copies'],
  ...['fwmark', 'ha', 'health', 'keepalived', 'localnode', 'tun-gue', 'tun-remote', 'ipv6-dr', 'everything'],
  ...backendLabs,
];

export async function planOf(name: string): Promise<Plan> {
  const folder = ownLabs.includes(name) ? ownFolder : join(projectRoot, 'labs');
  const text = await readFile(join(folder, `${name}.yaml`), 'utf8');
  return makePlan(parseLab(text, { name, file: name }).lab);
}

export async function scriptsOf(plan: Plan): Promise<Script[]> {
  return renderPlan(plan, await loadTemplates(projectRoot));
}

/** Plan and scripts of a shipped lab, as one text. */
export async function renderGolden(name: string): Promise<string> {
  const plan = await planOf(name);
  const scripts = await scriptsOf(plan);
  const parts = scripts.map(({ node, file, text }) => `##### ${node}: ${file}\n${text}`);
  return [`${JSON.stringify(plan, null, 2)}\n`, ...parts].join('\n');
}

/** What a script is made of. */
export type Rendered = Pick<PlannedScript, 'template' | 'context'>;

/** The scripts that look at nodes, with values like a lab's. */
export async function observers(): Promise<(Rendered & { name: string; text: string })[]> {
  const render = renderer(await loadTemplates(projectRoot));
  const context = {
    mac: '52:54:00:01:0c:01',
    vips: ['192.168.1.3', '192.168.1.9'],
    clients: [...new Set(backends.map(({ client }) => client))],
    services: backends.flatMap(({ protocols, port, client, target }) =>
      protocols.map((protocol) => ({
        client: client.name,
        targets: [target({ protocol, address: '192.168.1.3', port, page: '/' })],
        firstPort: 10000,
        count: 12,
        step: 1,
      })),
    ),
    filter: '(tcp src port 80)',
    nics: [{ mac: '52:54:00:01:0e:01' }],
    settings: true,
    marks: true,
    helpers: true,
    tunnel: 'tunl0',
    gue: true,
    clock: true,
    source: '10.10.0.1',
    seconds: 60,
    bound: 15,
    waiting: { connect: 2, answer: 5, listen: 1 },
  };
  const drills = [
    {
      template: 'load',
      context: {
        address: '192.168.1.3',
        port: 80,
        page: '/server',
        seconds: 240,
        connectTimeout: 0.5,
        answerTimeout: 2,
      },
    },
    { template: 'await-load', context: { count: 12 } },
    { template: 'busy', context: { seconds: 120 } },
    {
      template: 'await-weight',
      context: { service: '192.168.1.3:80', server: '192.168.1.4:80', wanted: '$4 >= 4', seconds: 10 },
    },
    {
      template: 'visits',
      context: { visits: [{ kind: 'page', words: '<title>', url: 'http://192.168.1.3/' }], seconds: 20 },
    },
    {
      template: 'wordpress',
      context: { url: 'http://192.168.1.3', token: 'lvs-lab-1', programs: ['/wp-config.php'], seconds: 60 },
    },
    {
      template: 'site',
      context: {
        root: '/srv/site',
        units: ['nfs-server', 'php*-fpm'],
        program: 'http://192.168.1.4:80/index.php',
        door: '192.168.1.9',
        login: true,
      },
    },
    { template: 'scribble', context: { folder: '/srv/site/a' } },
    { template: 'survivor', context: { folder: '/srv/site/a', words: 'a' } },
    { template: 'read-back', context: { file: '/srv/site/a/survivor' } },
    { template: 'write', context: { file: '/srv/site/uploads/a.txt', words: 'lvs-lab-1' } },
    { template: 'announced', context: { mac: context.mac, file: '/run/announced', seconds: 9 } },
    {
      template: 'ask-held',
      context: { mac: context.mac, state: '/run/held', announced: '/run/announced', vip: '192.168.1.3', seconds: 9 },
    },
    { template: 'await-known', context: { pattern: '^TCP (1F40|1F41) ', count: 2, seconds: 9 } },
    { template: 'await-vip', context: { vip: '192.168.1.3', seconds: 9 } },
    {
      template: 'hold',
      context: {
        state: '/run/held',
        address: '192.168.1.3',
        port: 7,
        firstPort: 10000,
        count: 20,
        seconds: 9,
        patience: 5,
      },
    },
    { template: 'link', context: { mac: context.mac, state: 'down' } },
    { template: 'schedule', context: { service: '-t 192.168.1.3:7', how: 'mh -b mh-port', sloppy: 1 } },
    { template: 'vrrp', context: {} },
    ...[true, false].map((out) => {
      return {
        template: 'await-servers',
        context: { servers: ['192.168.1.4:80', '[fd00:1::5]:80'], out, seconds: 10 },
      };
    }),
  ].map(({ template, context: own }, index) => {
    return observer(`${template}-${index}`, { template: `verify/${template}`, context: own });
  });
  const looks = ['arp', 'client', 'director', 'router', 'real-server', 'wrong-clock', 'bystander'].flatMap((name) =>
    [true, false].flatMap((countersOnly) =>
      [true, false].map((ipv6) =>
        observer(`${name}${countersOnly ? '-counters' : ''}${ipv6 ? '-ipv6' : ''}`, {
          template: `verify/${name}`,
          context: { ...context, countersOnly, ipv6 },
        }),
      ),
    ),
  );
  return [...looks, ...drills];

  function observer(name: string, rendered: Rendered) {
    return { ...rendered, name, text: render(rendered) };
  }
}
