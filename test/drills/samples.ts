import type { Rendered } from '../render/golden.ts';

const mac = '52:54:00:01:0c:01';
const page = { kind: 'page', words: '<title>', url: 'http://192.168.1.3/' };

const samples: Record<string, Record<string, unknown>[]> = {
  'clock/wrong-clock': [{ source: '10.10.0.1', seconds: 60, bound: 15 }],
  'failover/announced': [{ mac, file: '/run/announced', seconds: 9 }],
  'failover/ask-held': [{ mac, state: '/run/held', announced: '/run/announced', vip: '192.168.1.3', seconds: 9 }],
  'failover/await-known': [{ pattern: '^TCP (1F40|1F41) ', count: 2, seconds: 9 }],
  'failover/await-vip': [{ vip: '192.168.1.3', seconds: 9 }],
  'failover/link': [{ mac, state: 'down' }],
  'failover/schedule': [{ service: '-t 192.168.1.3:7', how: 'mh -b mh-port', sloppy: 1 }],
  'shared/await-servers': [true, false].map((out) => {
    return { servers: ['192.168.1.4:80', '[fd00:1::5]:80'], out, seconds: 10 };
  }),
  'load/await-weight': [{ service: '192.168.1.3:80', server: '192.168.1.4:80', wanted: '$4 >= 4', seconds: 10 }],
  'load/busy': [{ seconds: 120 }],
  'shared-disk/read-back': [{ file: '/srv/site/a/survivor' }],
  'shared-disk/scribble': [{ folder: '/srv/site/a' }],
  'shared-disk/survivor': [{ folder: '/srv/site/a', words: 'a' }],
  'shared/await-requests': [{ count: 12 }],
  'shared/client-load': [
    { address: '192.168.1.3', port: 80, page: '/server', seconds: 240, connectTimeout: 0.5, answerTimeout: 2 },
  ],
  'shared/held-connections': [
    { state: '/run/held', address: '192.168.1.3', port: 7, firstPort: 10000, count: 20, seconds: 9, patience: 5 },
  ],
  'shared/visits': [{ visits: [page], seconds: 20 }],
  'site/wordpress': [{ url: 'http://192.168.1.3', token: 'lvs-lab-1', programs: ['/wp-config.php'], seconds: 60 }],
  'site/write': [{ file: '/srv/site/uploads/a.txt', words: 'lvs-lab-1' }],
};

/** Each script of the drills, with values like a lab's. */
export const drillScripts: readonly Rendered[] = Object.entries(samples).flatMap(([name, contexts]) =>
  contexts.map((context) => ({ template: `drills/${name}`, context })),
);
