import type { Source } from '../source.ts';
import { files } from './files.ts';
import { firewall } from './firewall.ts';
import { ipvs } from './ipvs.ts';
import { kernel } from './kernel.ts';
import { links } from './links.ts';
import { offloads } from './offloads.ts';
import { routing } from './routing.ts';
import { traffic } from './traffic.ts';

/** All that is read of a node, in the order of the script. */
export const sources: readonly Source[] = [links, routing, kernel, traffic, firewall, ipvs, offloads, files];
