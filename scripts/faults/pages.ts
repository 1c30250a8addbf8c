import { backendOf } from '../backends/index.ts';
import { joinAddress } from '../model/addresses.ts';
import { type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Witness } from './fault.ts';
import { servedAt, servicesOf } from './servers.ts';
import { sh } from './sh.ts';

/** A real server whose Apache serves pages. */
export interface PageServer {
  node: string;
  /** RIP. */
  address: string;
  /** The page that names it, at its own address. */
  url: string;
  /** Its services with pages at every port. */
  services: PlannedService[];
}

export function pageServers(plan: Plan): PageServer[] {
  return plan.realServers.flatMap(({ node, address }) => {
    const services = servicesOfPages(plan, node);
    const [service] = services;
    return service ? [{ node, address, url: urlOf(service, node, address), services }] : [];
  });
}

/** Services of a real server with pages at every port. Apache serves them. */
export function servicesOfPages(plan: Plan, node: string): PlannedService[] {
  return servicesOf(plan, node).filter(hasPages);
}

/** Services with pages at every port. */
export function hasPages({ endpoints }: PlannedService): boolean {
  return endpoints.every(({ backend }) => backendOf(backend).pages !== undefined);
}

/** The page of a service that names the real server, as clients ask for it. */
export function pageOf(service: PlannedService): string {
  return at(service, service.vip, service.endpoints[0]?.port ?? 0);
}

function urlOf(service: PlannedService, node: string, address: string): string {
  return at(service, address, servedAt(service, node).port);
}

function at({ endpoints, page }: PlannedService, address: string, port: number): string {
  const [endpoint] = endpoints;
  const tls = endpoint !== undefined && backendOf(endpoint.backend).pages === 'tls';
  return `http${tls ? 's' : ''}://${joinAddress(address, port)}${page}`;
}

/** The director asks a real server at its RIP and gets this status; 000 means no answer in five seconds. */
export function statusOf(plan: Plan, { url }: PageServer, status: string): Witness {
  const ask = sh`curl -s -k -m 5 -o /dev/null -w '%{http_code}' ${url}`;
  return { on: theNode(plan, 'director').name, run: `[ "$(${ask})" = ${status} ]` };
}
