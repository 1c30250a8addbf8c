import type { Deed } from '../../scripts/experiment/experiment.ts';
import type { KindName, Row } from '../../scripts/experiment/kinds.ts';
import type { Bench, Done } from '../../scripts/trials/bench.ts';

interface StandIn {
  /** What each look finds, one look after the other; the last one again and again. */
  looks?: Partial<Record<KindName, Row[][]>>;
  done?: (deed: Deed) => Done;
  complaints?: string[];
  /** Looks until waiting makes no sense any more. */
  patience?: number;
}

/** A bench that writes down what is asked of it. */
export function standIn({ looks = {}, done = () => ({}), complaints = [], patience = 3 }: StandIn = {}) {
  const log: string[] = [];
  const bench: Bench = {
    consoles: async () => [],
    kernels: [{ node: 'director', name: '6.1.0-53-cloud-amd64', version: '6.1.187' }],
    async watch(kinds) {
      log.push(`watch ${[...kinds].join(' ')}`.trim());
      return {
        settle: async () => void log.push('settle'),
        async rows({ kind }) {
          const all = looks[kind] ?? [[]];
          return (all.length > 1 ? all.shift() : all[0]) ?? [];
        },
        end: async () => void log.push('end'),
      };
    },
    async perform(deed, mayFail) {
      log.push(`${deed.verb}${mayFail ? ' may fail' : ''}`);
      return done(deed);
    },
    patience() {
      let left = patience;
      return async () => (left-- > 0 ? undefined : 'within 1 s');
    },
    complaints: async () => complaints.map((line) => ({ node: 'director', lines: [line] })),
    undo: async () => void log.push('undo'),
  };
  return { bench, log };
}
