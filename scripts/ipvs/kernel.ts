import { isInRange, type KernelRange } from '../model/kernel-range.ts';

/** What the schedulers of a kernel reckon with. Whatever differs between kernels is asked here alone. */
export interface KernelTraits {
  /** How many inactive connections weigh as much as an active one, for lc, wlc, lblc and lblcr. */
  activeWeight: 256 | 257;
}

/**
 * ip_vs_dest_conn_overhead in include/net/ip_vs.h: activeconns * 256 + inactconns; since “ipvs: add totalconns for dest”
 * activeconns * 256 + totalconns. Debian has it from 6.1.187-1 and 6.12.105-1 on.
 */
const countsInactive: KernelRange = { mended: ['6.1.183', '6.12.104', '7.2'] };

/** @param version of the upstream kernel: 6.12.104; a kernel of which nothing is known is taken for a new one */
export function traitsOf(version: string | undefined): KernelTraits {
  return { activeWeight: version !== undefined && isInRange(version, countsInactive) ? 256 : 257 };
}

/**
 * The version of the upstream kernel in what /proc/version has. Debian 12 and older have another number in the name of the
 * kernel, and the version only behind the word Debian: `6.1.0-53-cloud-amd64 … Debian 6.1.187-1`.
 */
export function parseKernelVersion(text: string): string | undefined {
  return (/ Debian (\d+(?:\.\d+)+)/.exec(text) ?? /^Linux version (\d+(?:\.\d+)+)/.exec(text))?.[1];
}
