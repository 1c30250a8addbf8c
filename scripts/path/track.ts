import type { Answer } from '../checks/looks/answers.ts';
import { portOf } from '../ipvs/rules.ts';
import { nicOn, nodesOf, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import { chosenServer, usedDirector } from './chosen.ts';
import { compare, type Difference, type Expected } from './compare.ts';
import type { Decisions } from './decisions.ts';
import { type End, endOf } from './end.ts';
import { expectedLadder, type Ladder } from './expected.ts';
import { follow } from './follow.ts';
import type { Followed, Sighting } from './followed.ts';
import type { Connection } from './wire.ts';

/** A request that was sent. */
export interface Sent {
  firstPort: number;
  /** How many source ports it had. */
  ports: number;
  /** Undefined when the client program printed nothing that can be read. */
  answer: Answer | undefined;
  /** The real server that the answer or the connection table of IPVS names. */
  server: string | undefined;
}

/** One request and its answer, hop by hop, compared with the plan. */
export interface Track {
  service: PlannedService;
  sent: Sent;
  /** How many requests were sent until one went to the wanted real server. */
  tries: number;
  /** Where the frames were seen. */
  captured: 'at the switches' | 'in the guests';
  sightings: Sighting[];
  followed: Followed;
  /** The real server; undefined when it is not known. */
  server: string | undefined;
  expected: Ladder;
  differences: Difference[];
  end: End | undefined;
  decisions: Decisions;
}

type Judged = Pick<Track, 'followed' | 'server' | 'expected' | 'differences' | 'end'>;

/** Follows a request in the frames, and compares it with the plan. */
export function judgeTrack(
  plan: Plan,
  service: PlannedService,
  { firstPort, ports, server: named }: Pick<Sent, 'firstPort' | 'ports' | 'server'>,
  sightings: readonly Sighting[],
): Judged {
  const flow = { client: nicOn(theNode(plan, 'client'), 'front').address, firstPort, ports };
  const followed = follow(plan, service.protocol, sightings, flow);
  const server = chosenServer(service, followed) ?? named;
  const director = usedDirector(
    nodesOf(plan, 'director').map(({ name }) => name),
    followed,
  );
  const expectedOf: Expected = (connection: Connection) =>
    expectedLadder(plan, service, connection, { server, director });
  const first = followed.packets[0]?.connection ?? { clientPort: firstPort, port: portOf(service) };
  return {
    followed,
    server,
    expected: expectedOf(first),
    differences: compare(expectedOf, followed),
    end: endOf(followed, expectedOf),
  };
}
