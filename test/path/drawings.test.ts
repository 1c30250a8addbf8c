import test from 'ava';
import { pathPcapng } from '../../scripts/path/comments.ts';
import { drawingOf } from '../../scripts/path/drawing.ts';
import { htmlText } from '../../scripts/path/html.ts';
import { stepsOf } from '../../scripts/path/steps.ts';
import { svgText } from '../../scripts/path/svg.ts';
import { readPcapng } from '../capture/pcap.ts';
import { caseOf, ladderCases } from './cases.ts';
import { tracked } from './drawn.ts';
import { goldenMermaid } from './golden.ts';
import { conversation, readGolden } from './made.ts';
import { openElements } from './markup.ts';

async function drawn(lab: string) {
  const { plan, service, server, there, back } = await caseOf(lab);
  const found = tracked(plan, service, conversation(plan, { there, back }), { server });
  return { plan, found, drawing: drawingOf(plan, found.followed, { ...found, all: false }) };
}

for (const { lab } of ladderCases) {
  test(`lab ${lab}: the picture and the page have every step, and need nothing from elsewhere`, async (t) => {
    const { drawing } = await drawn(lab);
    const steps = stepsOf(drawing);
    const svg = svgText(drawing, 'A <ladder> & more');
    const html = htmlText(drawing, 'A <ladder> & more', 'path: as planned');
    t.deepEqual(openElements(svg), []);
    t.deepEqual(openElements(html.replace(/<script>.*<\/script>/s, '')), []);
    t.is(svg.match(/class="shaft"/g)?.length, steps.length);
    t.is(html.match(/<tr data-words/g)?.length, steps.length);
    t.true(html.includes(svg.slice(svg.indexOf('<rect'))), 'the page has the picture');
    t.true(Buffer.byteLength(html) <= 100_000);
    t.notRegex(html.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|src=|href=/);
    t.regex(svg, /aria-label="A &lt;ladder&gt; &amp; more"/);
    for (const [, x = '', length] of svg.matchAll(/class="note" x="([\d.]+)" y="[\d.]+">([^<]*)/g)) {
      t.true(Number(x) >= 0 && Number(x) + (length?.length ?? 0) * 6.7 <= 961, length);
    }
  });
}

test('the diagram for Mermaid is as in the golden file', async (t) => {
  t.is(await goldenMermaid('nat'), await readGolden('nat.mermaid'), 'npm run golden writes it anew');
});

test('the capture has every frame, the names of the nodes, and a comment that says who was chosen', async (t) => {
  const { plan, found } = await drawn('tun');
  const read = readPcapng(pathPcapng(plan, found, 'lvs-lab test'));
  t.deepEqual(read.interfaces, ['front']);
  t.deepEqual(read.names, ['client', 'director', 'rs1', 'rs2', 'vip']);
  t.is(read.packets.length, found.sightings.length);
  t.deepEqual(
    read.packets.slice(0, 2).map(({ comments }) => comments),
    [['SYN, hop 1: client → director on front'], ['SYN, hop 2: director → rs1 on front', 'it goes to rs1']],
  );
  const functions = ['ip_vs_in_hook', 'ip_vs_schedule', 'ip_vs_rr_schedule', 'ip_vs_conn_new', 'ip_vs_tunnel_xmit'];
  const traced = { ...found, decisions: new Map([[0, { node: 'director', functions }]]) };
  t.true(readPcapng(pathPcapng(plan, traced, 'test')).packets[1]?.comments.includes('rr chose rs1'));
});
