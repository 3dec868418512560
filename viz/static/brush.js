const board = element.querySelector(".board"), canvas = board.querySelector("canvas"), pen = canvas.getContext("2d");
const status = element.querySelector(".status"), letters = "uha";
const radios = (name) => [...element.querySelectorAll(`input[name=brush-${name}]`)];
const chosen = (name) => radios(name).find((radio) => radio.checked).value;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const picture = new Image();
let rows = 1, columns = 1, cells = ["u"], cursor = null, last = null, byKeys = false;

const decode = (text) => {
  const found = /^(\d+)x(\d+)-((?:[uha]\d+)*)$/.exec(text || "");
  rows = found ? Number(found[1]) : props.rows || 1;
  columns = found ? Number(found[2]) : props.columns || 1;
  cells = new Array(rows * columns).fill("u");
  let at = 0;
  for (const [, letter, length] of (found ? found[3] : "").matchAll(/([uha])(\d+)/g)) {
    cells.fill(letter, at, at + Number(length));
    at += Number(length);
  }
};
const encode = () => {
  const text = cells.join("").replace(/u+$/, "");
  if (!text) return "";
  return `${rows}x${columns}-` + text.replace(/u+|h+|a+/g, (run) => run[0] + run.length);
};

const mark = (letter, x, y, width, height) => {
  const arm = Math.min(width, height) / 4, [middle, center] = [x + width / 2, y + height / 2];
  pen.fillStyle = letter === "h" ? "rgba(255, 200, 0, .47)" : "rgba(10, 14, 24, .7)";
  pen.fillRect(x, y, width, height);
  pen.strokeStyle = letter === "h" ? "rgb(60, 40, 0)" : "rgba(235, 238, 245, .6)";
  pen.lineWidth = Math.max(2, arm / 3);
  pen.beginPath();
  if (letter === "h") {
    pen.moveTo(middle - arm, center); pen.lineTo(middle + arm, center);
    pen.moveTo(middle, center - arm); pen.lineTo(middle, center + arm);
  } else {
    pen.moveTo(middle - arm, center + arm); pen.lineTo(middle + arm, center - arm);
  }
  pen.stroke();
};
const footprint = ([row, column]) => {
  const reach = (Number(chosen("size")) - 1) / 2;
  return [
    Math.max(0, row - reach), Math.max(0, column - reach),
    Math.min(rows - 1, row + reach), Math.min(columns - 1, column + reach),
  ];
};
const draw = () => {
  if (!picture.naturalWidth) return;
  const scale = 768 / Math.max(picture.naturalWidth, picture.naturalHeight);
  const [across, down] = [picture.naturalWidth, picture.naturalHeight].map((side) => Math.round(side * scale));
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  pen.imageSmoothingEnabled = Math.min(picture.naturalWidth, picture.naturalHeight) >= 128;
  pen.drawImage(picture, 0, 0, across, down);
  const [width, height] = [across / columns, down / rows];
  cells.forEach((letter, index) => {
    if (letter !== "u") mark(letter, (index % columns) * width, Math.floor(index / columns) * height, width, height);
  });
  if (!cursor) return;
  const [top, left, bottom, right] = footprint(cursor);
  const frame = [left * width, top * height, (right - left + 1) * width, (bottom - top + 1) * height];
  for (const [color, line] of [["white", 8], ["black", 3]]) {
    pen.strokeStyle = color;
    pen.lineWidth = line;
    pen.strokeRect(...frame);
  }
};
const count = (letter) => cells.filter((each) => each === letter).length;
const tell = () => {
  const counted = filled(props.words.count, {harder: count("h"), away: count("a")});
  if (!byKeys || !cursor) return void (status.textContent = counted);
  const state = props.words.states[cells[cursor[0] * columns + cursor[1]]];
  const place = filled(props.words.cell, {row: cursor[0] + 1, column: cursor[1] + 1, state});
  status.textContent = `${place} ${counted}`;
};
const label = () => {
  const words = props.words;
  board.setAttribute("aria-label", filled(words.board, {rows, columns}));
  element.querySelector(".modes legend").textContent = words.mode;
  element.querySelector(".sizes legend").textContent = words.size;
  element.querySelector(".hint").textContent = words.hint;
  radios("mode").forEach((radio, index) => (radio.nextElementSibling.textContent = words.modes[index]));
  radios("size").forEach((radio, index) => (radio.nextElementSibling.textContent = words.sizes[index]));
  for (const button of element.querySelectorAll("[data-preset]")) {
    button.textContent = words.presets[button.dataset.preset];
  }
};
const show = () => {
  element.querySelector(".brush").hidden = !props.picture || !props.words;
  if (!props.picture || !props.words) return;
  decode(props.value);
  if (cursor && (cursor[0] >= rows || cursor[1] >= columns)) cursor = null;
  if (picture.src !== props.picture) picture.src = props.picture;
  label();
  tell();
  draw();
};

const paint = (place) => {
  const [top, left, bottom, right] = footprint(place), letter = chosen("mode");
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) cells[row * columns + column] = letter;
  }
};
const commit = () => {
  tell();
  draw();
  const text = encode();
  if (text === (props.value || "")) return;
  props.value = text;
  trigger("input");
};
const placeOf = (event) => {
  const box = canvas.getBoundingClientRect();
  const [down, across] = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
  const within = (share, all) => Math.min(all - 1, Math.max(0, Math.floor(share * all)));
  return [within(down, rows), within(across, columns)];
};
const paintTo = (place) => {
  const from = last || place, steps = Math.max(1, Math.abs(place[0] - from[0]), Math.abs(place[1] - from[1]));
  for (let step = 0; step <= steps; step++) {
    paint([0, 1].map((axis) => Math.round(from[axis] + ((place[axis] - from[axis]) * step) / steps)));
  }
  last = place;
};

picture.addEventListener("load", draw);
canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  canvas.setPointerCapture(event.pointerId);
  byKeys = false;
  cursor = placeOf(event);
  last = null;
  paintTo(cursor);
  draw();
});
canvas.addEventListener("pointermove", (event) => {
  if (!event.isPrimary) return;
  byKeys = false;
  cursor = placeOf(event);
  if (last) paintTo(cursor);
  draw();
});
const lift = () => {
  if (!last) return;
  last = null;
  commit();
};
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);
canvas.addEventListener("pointerleave", () => {
  if (last || byKeys) return;
  cursor = null;
  draw();
});

const MOVES = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
board.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const move = MOVES[event.key], mode = ["1", "2", "3"].indexOf(event.key);
  if (!move && mode < 0 && ![" ", "Enter"].includes(event.key)) return;
  event.preventDefault();
  byKeys = true;
  cursor = cursor || [Math.floor(rows / 2), Math.floor(columns / 2)];
  if (mode >= 0) radios("mode")[mode].checked = true;
  if (move) {
    cursor = [
      Math.min(rows - 1, Math.max(0, cursor[0] + move[0])), Math.min(columns - 1, Math.max(0, cursor[1] + move[1])),
    ];
  }
  if ((mode < 0 && !move) || (move && event.shiftKey)) paint(cursor);
  commit();
});
board.addEventListener("focus", () => {
  if (!board.matches(":focus-visible")) return;
  byKeys = true;
  cursor = cursor || [Math.floor(rows / 2), Math.floor(columns / 2)];
  tell();
  draw();
});
board.addEventListener("blur", () => {
  byKeys = false;
  cursor = null;
  draw();
});
element.addEventListener("change", draw);
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-preset]");
  if (!button) return;
  decode(props.presets[button.dataset.preset]);
  commit();
});
watch(["value", "picture", "rows", "columns", "presets", "words"], show);
show();
