import test from 'ava';
import fc from 'fast-check';
import { differences, type StateEntry } from '../../scripts/state/state.ts';

const entry: fc.Arbitrary<StateEntry> = fc.record({
  section: fc.constantFrom('address', 'sysctl', 'route'),
  key: fc.string({ maxLength: 3 }),
  value: fc.string({ maxLength: 3 }),
});
const state = fc.uniqueArray(entry, { selector: ({ section, key }) => `${section}\n${key}` });

test('a state does not differ from itself, in whatever order its facts come', (t) => {
  fc.assert(
    fc.property(state, (facts) => {
      t.deepEqual(differences('rs1', facts, [...facts].reverse()), []);
    }),
  );
});

test('the differences turn the state before into the state after, and name nothing else', (t) => {
  fc.assert(
    fc.property(state, state, (before, after) => {
      const facts = new Map(before.map((one) => [`${one.section}\n${one.key}`, one]));
      for (const { section, key, before: was, after: is } of differences('rs1', before, after)) {
        const id = `${section}\n${key}`;
        t.is(facts.get(id)?.value, was);
        t.not(was, is);
        if (is === undefined) facts.delete(id);
        else facts.set(id, { section, key, value: is });
      }
      t.deepEqual(differences('rs1', [...facts.values()], after), []);
    }),
  );
});

test('a fact that is new has no value before, one that is gone none after', (t) => {
  const vip = { section: 'address', key: 'lo 192.168.1.3/32', value: 'scope global' };
  t.deepEqual(differences('rs1', [], [vip]), [{ node: 'rs1', section: vip.section, key: vip.key, after: vip.value }]);
  t.deepEqual(differences('rs1', [vip], []), [{ node: 'rs1', section: vip.section, key: vip.key, before: vip.value }]);
});
