import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { pageServers } from './pages.ts';
import { sh } from './sh.ts';

/** A file with the difference between the clock and the time since boot in seconds, as it was before the fault was made. */
const kept = '/run/clock-before';
const since = `$(awk '{ print int($1) }' /proc/uptime)`;

export const clockWrong: Fault = {
  id: 'clock-wrong',
  family: 'time',
  title: 'the clock of a real server is two hours fast',
  cause:
    'Every request is answered. But the times in the logs of several machines do not match, and certificates and cookies expire too early.',
  places: (plan) =>
    pageServers(plan)
      .filter(({ node }) => node !== theNode(plan, 'director').name)
      .map(({ node, url }) => {
        const chrony = plan.clock.some((one) => one.node === node);
        const keep = `{ [ -e ${kept} ] || { echo $(($(date +%s) - ${since})) > ${kept}.new && mv ${kept}.new ${kept}; }; }`;
        const set = (more: number) =>
          `read -r offset < ${kept} && date -s "@$((offset + ${since} + ${more}))" > /dev/null`;
        return {
          name: node,
          nodes: [node],
          make: [{ on: node, run: `${chrony ? 'systemctl stop chrony && ' : ''}${keep} && ${set(7200)}` }],
          mend: [{ on: node, run: `[ ! -e ${kept} ] || { ${set(0)} && rm ${kept}; }` }],
          witness: { on: theNode(plan, 'director').name, run: farFromOwn(url) },
          symptom: { kind: 'none' },
        };
      }),
};

/** The Date header of Apache differs by more than an hour from the clock of the machine that asks. */
function farFromOwn(url: string): string {
  const theirs = sh`date=$(curl -s -k -m 5 -I ${url} | tr -d '\r' | sed -n 's/^[Dd]ate: //p')`;
  return `${theirs}; [ "$date" ] && [ $(($(date -d "$date" +%s) - $(date +%s))) -gt 3600 ]`;
}
