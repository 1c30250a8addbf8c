import type { StateDifference } from '../state/state.ts';
import { sh } from './sh.ts';
import { added, changed, gone, type Sign } from './sign.ts';

/** Makes Apache listen elsewhere: at the second address or port of each pair instead of the first. */
export function listenElsewhere(changes: readonly (readonly [from: string, to: string])[]): string {
  const edits = changes.flatMap(([from, to]) => {
    const pattern = from.replace(/[.[\]]/g, '\\$&');
    return ['-e', `s/^\\([[:space:]]*\\)Listen ${pattern}$/\\1Listen ${to}/`];
  });
  const files = ['ports.conf', 'sites-enabled/000-default.conf'];
  return sh`cd /etc/apache2 && sed -i ${[...edits, ...files]} && systemctl restart apache2`;
}

/** A daemon listens at another port than before, or at another address with the same port. */
export function listensAtAnother(what: 'port' | 'address'): Sign {
  return (change) => {
    const portIn = ({ key }: StateDifference) => key.replace(/^.*:/, '');
    const closed = gone('socket', /^tcp /)(change);
    const opened = added(
      'socket',
      /^tcp /,
    )(change).filter((one) => {
      const samePort = closed.some((other) => portIn(other) === portIn(one));
      return samePort === (what === 'address');
    });
    return closed.length > 0 && opened.length > 0
      ? [...changed('file', /^\/etc\/apache2\//, {})(change), ...closed, ...opened]
      : [];
  };
}
