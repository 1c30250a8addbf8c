import { serviceName } from '../ipvs/rules.ts';
import { inUse, type Plan } from '../plan/plan.ts';
import type { Failure, Share, Symptom } from './symptom.ts';

/** What a user reports who knows nothing about the inside of the lab: a clause without a capital letter and a full stop. */
export function reported(plan: Plan, symptom: Symptom): string {
  switch (symptom.kind) {
    case 'none':
      return 'nothing, every request is answered';
    case 'site fails':
      return 'the page that names the real server comes; other pages of the web site are wrong, late or missing';
    case 'without IPVS':
      return 'nothing, every request is answered; but IPVS may count none of them';
    case 'varies':
      return 'what works at one moment, or for one client, may fail at another';
    case 'fails':
      return `${which(plan, symptom.of, 'request')} ${failing[symptom.by ?? 'hangs']}`;
    case 'fails at first':
      return `${which(plan, symptom.of, 'request')} ${failing[symptom.by ?? 'hangs']}, until health checks take the real server out`;
    case 'slow':
      return `${which(plan, symptom.of, 'request')} is answered, but some seconds late`;
    case 'lossy':
      return `${which(plan, symptom.of, 'request')} may take seconds, or fail`;
    case 'long fails':
      return `${which(plan, symptom.of, symptom.long === 'requests' ? 'long upload' : 'long page')} hangs, but short requests are answered`;
    case 'unused':
      return `every request is answered, but none by ${servers(symptom.of).join(' or ')}`;
    case 'one server':
      return 'every request is answered, all by the same real server';
  }
}

const failing: Record<Failure, string> = {
  hangs: 'hangs until the client gives up',
  refused: 'is refused at once',
  error: 'gets an error page',
  empty: 'gets an empty page',
};

function servers(of: readonly Share[]): string[] {
  return [...new Set(of.flatMap((share) => share.servers))];
}

/** `every second request`; if not all services of the lab are concerned alike: `every second request to TCP …`. */
function which(plan: Plan, of: readonly Share[], what: string): string {
  const shares = of.map((share) => ({ name: share.service, words: shareWords(plan, share) }));
  const words = [...new Set(shares.map((share) => share.words))];
  if (shares.length === plan.services.length && words.length === 1) return `${words[0]} ${what}`;
  return words
    .map((one) => {
      const services = shares.flatMap((share) => (share.words === one ? share.name : []));
      return `${one} ${what} to ${services.join(' and ')}`;
    })
    .join(', and ');
}

/** With rr each round of requests meets every real server once. With other schedulers nobody can say which requests meet one. */
function shareWords({ services }: Plan, share: Share): string {
  const service = services.find((one) => serviceName(one) === share.service);
  const round = service ? inUse(service).length : 0;
  if (!service || share.servers.length >= round) return 'every';
  if (service.scheduler !== 'rr' || service.persistence > 0) return 'one or another';
  if (round === share.servers.length * 2) return 'every second';
  if (share.servers.length > 1) return 'most of the time a';
  return ['every third', 'every fourth', 'every fifth'][round - 3] ?? 'now and then a';
}
