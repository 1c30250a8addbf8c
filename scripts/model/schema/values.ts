import { z } from 'zod';
import { canonical, isAddress, isNetwork } from '../addresses.ts';
import { longestNodeName, portRange, type Range } from '../limits.ts';

/** An address in its canonical spelling. */
export const address = z
  .string()
  .refine(isAddress, { error: 'not an IP address', params: { wanted: 'address' }, abort: true })
  .overwrite(canonical);

/** A network in its canonical spelling. */
export const network = z
  .string()
  .refine(isNetwork, { error: 'not a network', params: { wanted: 'network' }, abort: true })
  .overwrite(canonical);

/** A whole number. */
export const within = ({ least, most }: Range) => z.int().min(least).max(most);

export const port = within(portRange);

/** Ports from one to another: 10000-10100. */
export const ports = z
  .string()
  .refine((text) => isPorts(text), { error: 'not a range of ports; something like 10000-10100', abort: true });

function isPorts(text: string): boolean {
  const [, low = '', high = ''] = /^([1-9]\d{0,4})-([1-9]\d{0,4})$/.exec(text) ?? [];
  return low !== '' && Number(low) < Number(high) && Number(high) <= portRange.most;
}

/** Names become host names and file names: RFC 1123, one label, in small letters. */
export const hostNamePattern = new RegExp(`^(?!localhost$)[a-z]([a-z0-9-]{0,${longestNodeName - 2}}[a-z0-9])?$`);
export const nodeName = z.string().regex(hostNamePattern);

/** Owner and name, as Vagrant's catalogues have them. */
export const boxName = /^\w[\w.-]*\/\w[\w.-]*$/;
