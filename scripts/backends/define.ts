import type { Backend } from './backend.ts';

/** The properties that most backends have in common. */
const usual = {
  alsoAt: [],
  usualOver: [],
  standsIn: false,
  portsPerRequest: 1,
  large: false,
  staysOpen: false,
  dataConnections: false,
  healthChecks: [],
} satisfies Partial<Backend>;

type Given<Name extends string> = Omit<Backend<Name>, keyof typeof usual> & Partial<Backend<Name>>;

/** Makes a backend. Properties that it does not set get the values of most backends. */
export function backend<const Name extends string>(given: Given<Name>): Backend<Name> {
  return { ...usual, ...given };
}
