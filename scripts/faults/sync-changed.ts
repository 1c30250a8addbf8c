import { changed, type Sign } from './sign.ts';

/** A value of a sync daemon has changed: `mcast=eth0, syncid=1, …`. */
export function syncChanged(name: 'syncid' | 'mcast'): Sign {
  const valueIn = (text = '') => new RegExp(`${name}=([^,\\s]+)`).exec(text)?.[1];
  return (change) =>
    changed('ipvs', /^daemon /, { before: /./, after: /./ })(change).filter(
      ({ before, after }) => valueIn(before) !== valueIn(after),
    );
}
