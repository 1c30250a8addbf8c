import { addresses } from './addresses/addresses.ts';
import { ipvsadm } from './ipvsadm/ipvsadm.ts';
import { keepalived } from './keepalived/keepalived.ts';
import { ldirectord } from './ldirectord/ldirectord.ts';
import { listing } from './listing/listing.ts';
import type { Reader } from './reader.ts';
import { sysctls } from './sysctls/sysctls.ts';

/** Every reader. The first whose sign a text has reads it. */
export const readers: readonly Reader[] = [keepalived, listing, ldirectord, sysctls, addresses, ipvsadm];
