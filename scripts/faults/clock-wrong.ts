import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { pageServers } from './pages.ts';
import { sh } from './sh.ts';

/** How the clock runs against the time since the boot, in seconds, written down before it is changed. */
const kept = '/run/clock-before';
const since = `$(awk '{ print int($1) }' /proc/uptime)`;

export const clockWrong: Fault = {
  id: 'clock-wrong',
  family: 'time',
  title: 'the clock of a real server is two hours fast',
  cause: 'Pages come. But logs of several machines do not fit together, and certificates and cookies end too early.',
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

/** The date that Apache writes on its page is more than an hour from that of the machine which asks. */
function farFromOwn(url: string): string {
  const theirs = sh`date=$(curl -s -k -m 5 -I ${url} | tr -d '\r' | sed -n 's/^[Dd]ate: //p')`;
  return `${theirs}; [ "$date" ] && [ $(($(date -d "$date" +%s) - $(date +%s))) -gt 3600 ]`;
}
