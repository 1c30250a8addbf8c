import type { Hop } from './followed.ts';
import type { Wire } from './wire.ts';
import { addressesText, endpointText, ttlText, wrappingText } from './words.ts';

/** The addresses of a packet at its first hop. At a later hop, what changed since the hop before. */
export function changesOf(hop: Hop, before: Hop | undefined): string[] {
  if (!before) return [`${addressesText(hop)}, ${ttlText(hop)}`];
  const changes = [...wrapped(hop, before), ...ends(hop, before), ...(hop.ttl === before.ttl ? [] : [ttlText(hop)])];
  const sameIp = changes.length === 0 || (changes.length === 1 && hop.ttl !== before.ttl);
  return [[...(sameIp ? [`MAC of ${hop.to}`] : []), ...changes].join(', ')];
}

function wrapped(hop: Wire, before: Wire): string[] {
  const [now, then] = [hop.wrapped.map(wrappingText), before.wrapped.map(wrappingText)];
  const added = now.filter((one) => !then.includes(one));
  const gone = then.filter((one) => !now.includes(one));
  return [...added.map((one) => `tunnel ${one}`), ...gone.map((one) => `out of the tunnel ${one}`)];
}

function ends(hop: Wire, before: Wire): string[] {
  const changed = (what: string, now: string, then: string) => (now === then ? [] : [`${what} ${then} → ${now}`]);
  return [
    ...changed('source', endpointText(hop.source), endpointText(before.source)),
    ...changed('target', endpointText(hop.target), endpointText(before.target)),
  ];
}
