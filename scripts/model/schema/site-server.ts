import { z } from 'zod';
import { address, nodeName } from './values.ts';

/** Where a server of the site is. */
const siteServer = z.union([
  z.literal(true),
  nodeName.refine((name) => !/^(yes|no|on|off)$/.test(name)),
  z.strictObject({ node: nodeName.optional(), address: address.optional() }),
]);

export const siteServerOf = (what: string, name: string) =>
  siteServer.optional().describe(`${what}. true: on a node ${name} of its own; or the name of the node, or a map.`);
