// The live page: shows what the server sends, and sends what the buttons say. The browser gets this file as it is.

const words = JSON.parse(document.body.dataset.words);
const { folder } = document.body.dataset;
const language = document.documentElement.lang;
const still = matchMedia('(prefers-reduced-motion: reduce)');
const svgSpace = 'http://www.w3.org/2000/svg';

/** Fills values into the places {} of a text, one after the other. */
const filled = (text, ...values) => values.reduce((all, value) => all.replace('{}', value), text);
const find = (selector) => document.querySelector(selector);

/** Writes a text only where it differs, so that a screen reader says nothing twice. */
function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function make(name, text = '', attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * Draws a part of the page anew. Whoever had the focus in it has it on the same thing afterwards; on the part as long as that is not
 * there.
 */
function redraw(place, draw) {
  const keyOf = (element) => element.id || element.getAttribute('aria-label') || element.textContent;
  const active = document.activeElement;
  const isInside = place.contains(active);
  if (isInside && active !== place) place.dataset.focused = keyOf(active);
  draw();
  if (!isInside) return;
  const all = [...place.querySelectorAll('a, button, input, [tabindex]')];
  const same = all.find((one) => keyOf(one) === place.dataset.focused);
  if (!same) place.tabIndex = -1;
  (same ?? place).focus({ preventScroll: true });
}

// ---- tables ----

/** A table whose rows change: cells are written, and made only if their number differs. The first cell of a row is its heading. */
function fillTable(place, id, caption, head, rows) {
  let table = document.getElementById(id);
  if (!table) {
    const kind = id.startsWith('connections') ? 'scroll long' : 'scroll';
    const region = make('div', '', { class: kind, tabindex: '0', role: 'group', 'aria-label': caption });
    table = make('table', '', { id });
    table.append(make('caption', caption), make('thead'), make('tbody'));
    const line = make('tr');
    line.append(...head.map((word) => make('th', word, { scope: 'col' })));
    table.tHead.append(line);
    region.append(table);
    place.append(region);
  }
  write(table.caption, caption);
  const [body] = table.tBodies;
  while (body.rows.length > rows.length) body.lastElementChild.remove();
  while (body.rows.length < rows.length) {
    const line = make('tr');
    line.append(make('th', '', { scope: 'row' }), ...head.slice(1).map(() => make('td')));
    body.append(line);
  }
  rows.forEach((row, at) => {
    row.forEach((cell, column) => {
      write(body.rows[at].children[column], String(cell));
    });
  });
}

function showDirectors(directors) {
  const names = directors.map(({ node }) => node).join();
  const place = find('#directors');
  if (place.dataset.names !== names) {
    place.replaceChildren(
      ...directors.map(({ node }) => make('section', '', { id: `director-${node}`, 'aria-label': node })),
    );
    place.dataset.names = names;
  }
  for (const director of directors) {
    const own = document.getElementById(`director-${director.node}`);
    const shape = shapeOf(director);
    if (own.dataset.shape === shape) fillDirector(own, director, shape);
    else redraw(own, () => drawDirector(own, director, shape));
  }
  showNotes(directors);
}

/** What decides which elements there are for a director. */
function shapeOf({ error, services }) {
  return error === null ? services.map(({ name }) => name).join() || 'empty' : 'error';
}

function drawDirector(place, director, shape) {
  place.replaceChildren(make('h2', filled(words.table, director.node)));
  place.dataset.shape = shape;
  if (shape === 'error') place.append(make('p', '', { class: 'alarm' }));
  if (shape === 'empty') place.append(make('p', words.empty));
  fillDirector(place, director, shape);
}

function fillDirector(place, { node, error, services, connections, more }, shape) {
  if (shape === 'error') return write(place.querySelector('.alarm'), filled(words.unreached, node) + error);
  if (shape === 'empty') return;
  services.forEach(({ name, scheduler, servers }, at) => {
    const head = [words.server, words.method, words.weight, words.active, words.inactive];
    const rows = servers.map((one) => [
      one.server === one.address ? one.address : `${one.server} ${one.address}`,
      one.method,
      one.weight,
      one.active,
      one.inactive,
    ]);
    fillTable(place, `table-${node}-${at}`, `${name} ${scheduler}`, head, rows);
  });
  const head = [words.client, words.service, words.server, words.state, words.expires];
  const rows = connections.map((one) => [
    `${one.protocol} ${one.client}`,
    one.service,
    one.server,
    one.state,
    `${one.expires} s`,
  ]);
  if (more > 0) rows.push([filled(words.more, more), '', '', '', '']);
  fillTable(place, `connections-${node}`, filled(words.connections, node), head, rows);
}

/** Below each real server: its connections, over all services, of the director that has the most. */
function showNotes(directors) {
  const sums = {};
  for (const { services } of directors) {
    const own = {};
    for (const { server, active, inactive } of services.flatMap(({ servers }) => servers)) {
      own[server] ??= [0, 0];
      own[server][0] += active;
      own[server][1] += inactive;
    }
    for (const [server, [active, inactive]] of Object.entries(own)) {
      if (!sums[server] || active + inactive > sums[server][0] + sums[server][1]) sums[server] = [active, inactive];
    }
  }
  for (const node of document.querySelectorAll('.topology .real-server')) {
    const [active, inactive] = sums[node.dataset.node] ?? [];
    const isNarrow = Number(node.querySelector('rect').getAttribute('width')) < 150;
    const text = isNarrow ? `${active} / ${inactive}` : filled(words.note, active, inactive);
    write(node.querySelector('.note'), active === undefined ? '' : text);
  }
}

// ---- answers that fly ----

let arrived;

function showArrived(now) {
  const before = arrived;
  arrived = now;
  if (!before || document.hidden) return;
  for (const [director, servers] of Object.entries(now)) {
    for (const [server, count] of Object.entries(servers)) {
      const fresh = count - (before[director]?.[server] ?? 0);
      if (fresh > 0) fly(director, server, fresh);
    }
  }
}

const placeOf = (name) => {
  const node = document.querySelector(`.topology [data-node="${CSS.escape(name)}"]`);
  return node && { x: Number(node.dataset.x), y: Number(node.dataset.y), back: node.dataset.back, node };
};

/** One dot for all requests that arrived at a real server together: from the client by the director, and back as answers go. */
function fly(director, server, count) {
  const stops = [document.querySelector('.topology .client')?.dataset.node ?? '', director, server].map(placeOf);
  if (stops.some((one) => !one)) return;
  const [client, middle, end] = stops;
  end.node.classList.add('hit');
  setTimeout(() => end.node.classList.remove('hit'), 700);
  const flights = find('.topology .flights');
  if (still.matches || flights.childElementCount >= 40) return;
  const dot = document.createElementNS(svgSpace, 'g');
  const circle = document.createElementNS(svgSpace, 'circle');
  circle.setAttribute('r', String(Math.min(13, 6 + Math.log2(count))));
  dot.append(circle);
  if (count > 1) {
    const text = document.createElementNS(svgSpace, 'text');
    text.setAttribute('y', '-14');
    text.textContent = `×${count}`;
    dot.append(text);
  }
  flights.append(dot);
  const way = [client, middle, end, ...(end.back === 'director' ? [middle] : []), client];
  const frames = way.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
  const flight = dot.animate(frames, { duration: 1100, easing: 'ease-in-out' });
  flight.onfinish = () => dot.remove();
  flight.oncancel = () => dot.remove();
}

// ---- the curve ----

function showRate(points) {
  const most = Math.max(1, ...points);
  // A second of which nothing is known is a gap.
  const steps = points.map((value, at) => {
    if (value === null) return '';
    const move = at === 0 || points[at - 1] === null ? 'M' : 'L';
    return `${move}${((60 - points.length + at) * 600) / 59},${76 - (value * 72) / most}`;
  });
  find('#curve path').setAttribute('d', steps.join(''));
  const now = points.length > 0 ? points.at(-1) : 0;
  write(find('#now'), now === null ? words.unknown : filled(words.perSecond, now.toLocaleString(language)));
}

// ---- what is being done, and what was ----

function showDoing(doing) {
  write(find('#doing'), doing === null ? words.nothing : (words.doing[doing] ?? doing));
  // Disabled buttons would lose the focus of whoever uses the keyboard.
  for (const button of document.querySelectorAll('[data-do]'))
    button.setAttribute('aria-disabled', String(doing !== null));
}

function showBroken(faults) {
  const texts = faults.map((one) => (one === null ? words.secret : `${one.fault} (${one.place})`));
  write(find('#broken'), texts.length > 0 ? filled(words.broken, texts.join(', ')) : '');
}

function showLines(lines) {
  const list = find('#lines');
  // Two things may have been told in the same millisecond.
  const known = new Set([...list.children].map((one) => one.dataset.line));
  for (const { time, text, bad } of lines) {
    const key = `${time} ${text[language]}`;
    if (known.has(key)) continue;
    const line = make('li', '', { 'data-line': key, ...(bad && { class: 'alarm' }) });
    line.append(make('time', new Date(time).toLocaleTimeString(language), { datetime: time }), ` ${text[language]}`);
    list.prepend(line);
  }
  while (list.childElementCount > 50) list.lastElementChild.remove();
}

// ---- parts that the server draws ----

async function showPart(name, version) {
  const place = document.getElementById(`${name}-part`);
  if (place.dataset.version === version) return;
  place.dataset.version = version;
  const response = await fetch(`${folder}part?name=${name}&language=${language}`).catch(() => undefined);
  const text = response?.ok ? await response.text().catch(() => undefined) : undefined;
  if (place.dataset.version !== version) return;
  if (text === undefined) {
    // The server is being started again, or the lab is: what is there is not this version.
    place.dataset.version = '';
    setTimeout(() => place.dataset.version === '' && showPart(name, version), 1000);
    return;
  }
  redraw(place, () => {
    place.innerHTML = text;
    if (name === 'path') addSlider(place);
  });
}

/** A slider below the ladder diagram, which shows it step by step. */
function addSlider(place) {
  const rows = [...place.querySelectorAll('tr[data-words]')];
  if (rows.length === 0) return;
  const bar = make('div', '', { class: 'controls' });
  const slider = make('input', '', { type: 'range', min: '1', max: String(rows.length), id: 'step' });
  slider.value = String(rows.length);
  const told = make('p', '', { id: 'told', 'aria-live': 'polite' });
  const show = () => {
    const at = Number(slider.value);
    for (const one of place.querySelectorAll('.ladder .step'))
      one.classList.toggle('later', Number(one.dataset.step) > at);
    rows.forEach((row, index) => {
      if (index + 1 === at) row.setAttribute('aria-current', 'step');
      else row.removeAttribute('aria-current');
    });
    write(told, filled(words.of, at, rows.length) + rows[at - 1].dataset.words);
  };
  const by = (text, change) => {
    const button = make('button', text, { type: 'button' });
    button.addEventListener('click', () => {
      slider.value = String(Number(slider.value) + change);
      show();
    });
    return button;
  };
  slider.addEventListener('input', show);
  bar.append(by(words.back, -1), make('label', words.step, { for: 'step' }), slider, by(words.next, 1));
  place.querySelector('.scroll').before(bar, told);
  show();
}

// ---- buttons ----

function wishOf(what, form) {
  const { service, count, fault, place } = form.elements;
  if (what === 'requests') return { do: what, service: service.value, count: Number(count.value) };
  if (what === 'path') return { do: what, service: service.value };
  if (what === 'break') return { do: what, fault: fault.value, place: place.value };
  return { do: what };
}

async function ask(event) {
  event.preventDefault();
  const button = event.submitter;
  if (!button || button.getAttribute('aria-disabled') === 'true') return;
  const response = await fetch(`${folder}do`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(wishOf(button.dataset.do, event.target)),
  }).catch(() => undefined);
  if (!response?.ok)
    write(find('#doing'), filled(words.refused, response ? (await response.text()).trim() : words.lost));
}

function showPlaces() {
  const { fault, place } = find('#breaking').elements;
  const names = JSON.parse(fault.selectedOptions[0]?.dataset.places ?? '[]');
  place.replaceChildren(...names.map((name) => make('option', name)));
}

// ---- the stream ----

const show = {
  plan(id) {
    if (id !== document.body.dataset.plan) location.reload();
  },
  directors: showDirectors,
  arrived: showArrived,
  rate: showRate,
  doing: showDoing,
  broken: showBroken,
  lines: showLines,
  report: (version) => showPart('report', version),
  path: (version) => showPart('path', version),
};

let events;
let last = '';

/**
 * Listens to the server. The browser reconnects by itself; if the server refuses, this does, and asks for what came since. A page that
 * nobody sees does not listen: a browser has six connections to a server, so a seventh page would never come.
 */
function listen() {
  if (events || document.hidden) return;
  const own = new EventSource(`${folder}events?after=${last}`);
  events = own;
  own.addEventListener('open', () => write(find('#connection'), words.connected));
  own.addEventListener('change', ({ data, lastEventId }) => {
    last = lastEventId;
    for (const [name, value] of Object.entries(JSON.parse(data))) show[name]?.(value);
  });
  own.addEventListener('error', () => {
    write(find('#connection'), words.lost);
    if (own.readyState !== EventSource.CLOSED) return;
    hush();
    setTimeout(listen, 1000);
  });
}

function hush() {
  events?.close();
  events = undefined;
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return listen();
  hush();
  // What arrives until the page is seen again does not fly then, all at once.
  arrived = undefined;
});

// The token is in a cookie now: in the address it would be copied with it.
const address = new URL(location.href);
address.searchParams.delete('token');
address.pathname = folder;
history.replaceState(null, '', address);
if (find('#breaking')) {
  showPlaces();
  find('#breaking').elements.fault.addEventListener('change', showPlaces);
  for (const form of document.querySelectorAll('form')) form.addEventListener('submit', ask);
}
addSlider(find('#path-part'));
listen();
