import { countOf } from '../../count-of.ts';
import { isAddress, networkAround, prefixOfNetmask } from '../addresses.ts';
import { brief, keyOf, type Misfit, type Mistake } from './misfit.ts';

export function addressMistake({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  if (wanted !== 'address' || typeof value !== 'string') return undefined;
  const key = keyOf(path);
  const [, host = '', prefix] = /^([^/]+)\/(\S*)$/.exec(value) ?? [];
  if (prefix !== undefined && isAddress(host)) {
    return { what: `${value} has a prefix length, but one address is wanted`, fix: `${key}: ${host}` };
  }
  const [, ip, port] = /^\[?([\d.]+|[\da-f:]+(?=\]))\]?[:\s]+(\d+)$/i.exec(value) ?? [];
  if (ip && port) {
    return { what: `${value} is an address with a port`, fix: `${key}: ${ip}, and below it port: ${port}` };
  }
  return { what: `${brief(value)} is not an IP address${whyNot(value)}`, fix: `something like ${examples.vip}` };
}

export function networkMistake({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  if (wanted !== 'network' || typeof value !== 'string') return undefined;
  const key = keyOf(path);
  if (isAddress(value)) {
    return { what: `${value} has no prefix length`, fix: `${key}: ${networkAround(value)}` };
  }
  const [, host = '', mask = ''] = /^([^/\s]+)[/\s]+((?:\d+\.){3}\d+)$/.exec(value) ?? [];
  const bits = prefixOfNetmask(mask);
  if (isAddress(host) && bits) {
    return { what: `${value} has a netmask instead of a prefix length`, fix: `${key}: ${networkAround(host, bits)}` };
  }
  const [, base = ''] = /^([^/]+)\/\d+$/.exec(value) ?? [];
  if (isAddress(base)) {
    const bounds = base.includes(':') ? '/16 to /126' : '/8 to /30';
    return { what: `${value} is too large or too small a network`, fix: `from ${bounds}` };
  }
  return { what: `${brief(value)} is not a network${whyNot(base || value)}`, fix: `something like ${examples.front}` };
}

/** What is wrong with the numbers of an IPv4 address. */
function whyNot(text: string): string {
  const parts = text.split('.');
  if (parts.length < 2 || !parts.every((part) => /^\d+$/.test(part))) return '';
  if (parts.length !== 4) return `: it has ${countOf(parts.length, 'number')} instead of four`;
  const large = parts.find((part) => Number(part) > 255);
  if (large) return `: ${large} is more than 255`;
  const zero = parts.find((part) => /^0\d/.test(part));
  return zero ? `: ${zero} begins with a zero` : '';
}
