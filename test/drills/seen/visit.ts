import type { Visit } from '../../../scripts/drills/shared/visits-seen.ts';

/** A page that came. */
export const visit = (kind: string, server: string | undefined, more: Partial<Visit> = {}): Visit => {
  return { kind, status: 200, server, seconds: 0.5, found: true, error: undefined, ...more };
};
