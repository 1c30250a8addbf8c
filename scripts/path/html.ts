import type { Drawing } from './drawing.ts';
import { escaped } from './markup.ts';
import { type Step, stepsOf, stepText } from './steps.ts';
import { svgText } from './svg.ts';

const style = `
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:62rem;padding:0 1rem;background:Canvas;color:CanvasText}
svg{width:100%;height:auto;border:1px solid;border-radius:6px}.controls{display:flex;gap:.75rem;align-items:center;margin:1rem 0;flex-wrap:wrap}
.controls input{flex:1;min-width:12rem}button{font:inherit;padding:.25rem .9rem}#now{min-height:3rem;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8888}
tr[aria-current]{outline:2px solid}.later{opacity:.12}.words{white-space:pre-line}`.trim();

/** Shows the steps one by one. Without scripts the page shows all of them. */
const script = `
const slider=document.querySelector('#step'),now=document.querySelector('#now');
const rows=[...document.querySelectorAll('tbody tr')],groups=[...document.querySelectorAll('svg .step')];
function show(){const at=Number(slider.value);
for(const one of groups)one.classList.toggle('later',Number(one.dataset.step)>at);
rows.forEach((row,index)=>index+1===at?row.setAttribute('aria-current','step'):row.removeAttribute('aria-current'));
now.textContent=at+' of '+rows.length+': '+rows[at-1].dataset.words;}
slider.addEventListener('input',show);
for(const [id,by] of [['back',-1],['next',1]])document.querySelector('#'+id).addEventListener('click',()=>{
slider.value=Math.min(rows.length,Math.max(1,Number(slider.value)+by));show();});
document.querySelector('.controls').hidden=false;show();`.trim();

/** A page that needs no other file: the ladder diagram, a slider that shows it step by step, and all steps as a table. */
export function htmlText(drawing: Drawing, title: string, result: string): string {
  const steps = stepsOf(drawing);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="words">${escaped(result)}</p>
<div class="controls" hidden>
<button id="back" type="button">Back</button>
<label for="step">Step</label>
<input id="step" type="range" min="1" max="${Math.max(1, steps.length)}" value="${Math.max(1, steps.length)}">
<button id="next" type="button">Next</button>
</div>
<p id="now" aria-live="polite"></p>
${svgText(drawing, title)}
<h2>All steps</h2>
${stepsTable(drawing)}
</main>
${steps.length > 0 ? `<script>${script}</script>` : ''}
</body>
</html>
`;
}

/** Each step of a ladder in a row. */
export function stepsTable(drawing: Drawing): string {
  return `<table>
<caption>Each frame, in the order of time</caption>
<thead><tr><th scope="col">Step</th><th scope="col">ms</th><th scope="col">Network</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Packet</th><th scope="col">On the wire, and what changed</th><th scope="col">What the kernel did</th></tr></thead>
<tbody>
${stepsOf(drawing).map(rowText).join('\n')}
</tbody>
</table>`;
}

function rowText(step: Step): string {
  const { number, phase, arrow, from, to, decided } = step;
  const cells = [
    arrow.time.toFixed(2),
    arrow.network,
    from,
    to,
    `${phase}: ${arrow.label}`,
    arrow.notes.join('; '),
    decided.map(({ text }) => text).join('; '),
  ];
  const words = escaped(stepText(step));
  return `<tr data-words="${words}"><th scope="row">${number}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}
