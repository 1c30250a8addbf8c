import type { Ipv4, Ipv6 } from '../capture/layers/layer.ts';
import type { Read } from './follow.ts';

/** The same for all fragments of a packet on a network. */
export type FragmentKey = string;

/** Undefined for a frame without a fragment. */
export function fragmentKey({ sighting, ethernet, decoded }: Read): FragmentKey | undefined {
  const ip = decoded.layers.find(
    (layer): layer is Ipv4 | Ipv6 => (layer.kind === 'ipv4' || layer.kind === 'ipv6') && layer.fragment !== undefined,
  );
  if (!ip) return undefined;
  return [sighting.network, ethernet.source, ip.source, ip.target, ip.protocol, ip.fragment?.id].join(' ');
}
