import { z } from 'zod';
import { address, nodeName } from './values.ts';

/** The node of a server of the web site. */
const siteServer = z.union([
  z.literal(true),
  nodeName.refine((name) => !/^(yes|no|on|off)$/.test(name)),
  z.strictObject({ node: nodeName.optional(), address: address.optional() }),
]);

export const siteServerOf = (what: string, name: string) =>
  siteServer.optional().describe(`${what}. true: on a separate node ${name}; or the name of the node, or a map.`);
