import { added, type Sign } from './sign.ts';

/**
 * A rule of nftables that was not there: `rule inet lab input: tcp dport 80 drop`.
 * @param rule what it must contain
 * @param not what it must not contain
 */
export function newRule(rule: RegExp, not?: RegExp): Sign {
  return (change) =>
    added(
      'nft',
      /^rule /,
    )(change).filter(({ key }) => {
      const text = key.replace(/^.*?: /, '');
      return rule.test(text) && !not?.test(text);
    });
}
