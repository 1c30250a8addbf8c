// A machine as QEMU saves it, made by hand.

export const pageSize = 4096;

function numbers(...all: (number | [number, 'byte'])[]): Buffer {
  return Buffer.concat(
    all.map((one) => {
      if (typeof one !== 'number') return Buffer.from([one[0]]);
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(one);
      return bytes;
    }),
  );
}

export function record(at: number, flags: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(at) + BigInt(flags));
  return bytes;
}

export function counted(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}

export interface Page {
  block: string;
  number: number;
  fill: number;
}

export const blocks = { ram: 64, 'pc.bios': 8 };
const ramNumber = 2;
export const footer = numbers([0x7e, 'byte'], ramNumber);
export const head = Buffer.concat([
  numbers(0x5145564d, 3, [7, 'byte'], 3),
  Buffer.from('pc5'),
  numbers([1, 'byte'], ramNumber),
  counted('ram'),
  numbers(0, 4),
]);
export const sizes = Buffer.concat([
  record(
    Object.values(blocks).reduce((sum, count) => sum + count * pageSize, 0),
    4,
  ),
  ...Object.entries(blocks).map(([name, count]) =>
    Buffer.concat([counted(name), record(count * pageSize, 0), record(0xfffc0000, 0)]),
  ),
]);
export const tail = Buffer.concat([
  numbers([4, 'byte'], 5),
  counted('timer'),
  numbers(0, 2),
  Buffer.from('the devices'),
]);

/** What `migrate` sends. As QEMU writes it: the name of a block stands only at the first of its pages in a row. */
export function streamOf(parts: readonly (readonly Page[])[], beforeEnd = Buffer.alloc(0)): Buffer {
  let last = '';
  const sections = parts.map((pages, at) =>
    Buffer.concat([
      at === parts.length - 1 ? beforeEnd : Buffer.alloc(0),
      numbers([at === parts.length - 1 ? 3 : 2, 'byte'], ramNumber),
      ...pages.map(({ block, number, fill }) => {
        const same = block === last;
        last = block;
        return Buffer.concat([
          record(number * pageSize, (fill === 0 ? 2 : 8) + (same ? 0x20 : 0)),
          same ? Buffer.alloc(0) : counted(block),
          Buffer.alloc(fill === 0 ? 1 : pageSize, fill),
        ]);
      }),
      record(0, 0x10),
      footer,
    ]),
  );
  return Buffer.concat([head, sizes, record(0, 0x10), footer, ...sections, tail]);
}
