import type { Scheduler, SchedulerFlag } from '../../scripts/model/words.ts';

/** A row of connections to a service of its own, on a real director. */
export interface Scenario {
  scheduler: Scheduler;
  /** Of rs1, rs2, …, which are added in this order. */
  weights: number[];
  /** Connections stay open; else each is closed before the next. */
  held: boolean;
  flags: SchedulerFlag[];
  /** How many client addresses take turns. */
  clients: number;
  /** ipvsadm -x of each real server; 0 is none. */
  upper: number;
  count: number;
}

function scenario(scheduler: Scheduler, weights: number[], over: Partial<Scenario> = {}): Scenario {
  return { scheduler, weights, held: false, flags: [], clients: 1, upper: 0, count: 24, ...over };
}

const weightSets = [
  [1, 1, 1],
  [3, 2, 1],
  [1, 2, 3],
  [4, 2, 2],
  [5, 0, 1],
];

/** Schedulers that go by order, weights and connections, closed and held. */
const counting = (['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf', 'lblc', 'lblcr'] as const).flatMap((scheduler) =>
  weightSets.flatMap((weights) => [false, true].map((held) => scenario(scheduler, weights, { held }))),
);

const hashing = [
  ...weightSets.flatMap((weights) => [
    scenario('sh', weights, { clients: 12, flags: ['sh-fallback'] }),
    scenario('sh', weights, { flags: ['sh-port', 'sh-fallback'] }),
    scenario('mh', weights, { clients: 12, flags: ['mh-fallback'] }),
    scenario('mh', weights, { flags: ['mh-port', 'mh-fallback'] }),
    scenario('dh', weights, { clients: 4 }),
  ]),
  // Without fallback a client whose server may not take it is refused.
  scenario('sh', [1, 0, 1], { clients: 12 }),
  scenario('mh', [1, 0, 1], { clients: 12 }),
];

const thresholds = (['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf', 'lblc', 'lblcr'] as const).map((scheduler) =>
  scenario(scheduler, [3, 2, 1], { held: true, upper: 4, count: 15 }),
);

export const predictable = [...counting, ...hashing, ...thresholds];

/** twos draws lots: shares of held connections are near to the weights, which is all that can be asked. */
export const lots = [
  scenario('twos', [3, 2, 1], { held: true, count: 60 }),
  scenario('twos', [1, 1, 1], { count: 60 }),
];

/** One scenario of each scheduler: weights 3, 2, 1, with open connections where there are any. */
export const onceEach = [...new Set([...predictable, ...lots].map(({ scheduler }) => scheduler))].map((scheduler) => {
  const own = [...predictable, ...lots].filter((one) => one.scheduler === scheduler && one.weights.join() === '3,2,1');
  return own.find(({ held, upper }) => held && upper === 0) ?? own[0] ?? scenario(scheduler, [3, 2, 1]);
});

export function titleOf({ scheduler, weights, held, flags, clients, upper }: Scenario): string {
  const parts = [
    `${scheduler} ${weights.join(':')}`,
    held ? 'held' : 'closed',
    ...flags,
    ...(clients > 1 ? [`${clients} clients`] : []),
    ...(upper > 0 ? [`-x ${upper}`] : []),
  ];
  return parts.join(', ');
}
