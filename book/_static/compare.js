// Boroughs side by side: what is chosen stands in the address after "#", so that it can be sent, and
// the figures stand in the page.
document.addEventListener("DOMContentLoaded", () => {
  const source = document.querySelector("#compare-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const [form, result] = ["#compare", "#compare-result"].map((id) => document.querySelector(id));
  const [offence, told, caption, all] = ["offence", "told", "caption", "all"].map((name) =>
    document.querySelector(`#compare-${name}`),
  );
  const boxes = [...form.querySelectorAll("input")];

  // What is not nought is never written so; each figure is rounded as it is shown.
  const decimals = (value) =>
    value > 0 && value < 0.01 ? Math.ceil(-Math.log10(value)) : value < 1 ? 2 : 1;
  const written = (value, places, sign) => {
    const text = Math.abs(value).toFixed(places);
    if (Number(text) === 0) return text;
    return (value < 0 ? "−" : sign ? "+" : "") + text;
  };
  const percent = (value) => (value === null ? "[x]" : `${written(value, 1, true)}%`);
  const span = (low, high, write) => (low === null ? "[x]" : `${write(low)} to ${write(high)}`);

  const row = (key, figures) => {
    const [count, rate, low, high, against, change, from, to] = figures;
    const places = decimals(rate);
    const cells = [
      [data.names[key], ""],
      [written(rate, places), "number"],
      [span(low, high, (value) => written(value, Math.max(places, decimals(value)))), ""],
      [percent(against), "number"],
      [percent(change), "number"],
      [span(from, to, percent), ""],
      [count.toLocaleString("en-GB"), "number"],
    ];
    const line = document.createElement("tr");
    if (key === data.own) line.className = "own";
    for (const [number, [text, kind]] of cells.entries()) {
      const cell = document.createElement(number ? "td" : "th");
      if (!number) cell.scope = "row";
      if (kind) cell.className = kind;
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  };

  const show = () => {
    const chosen = data.offences[offence.value];
    const keys = boxes.filter((box) => box.checked).map((box) => box.value);
    keys.sort((a, b) => chosen.boroughs[b][1] - chosen.boroughs[a][1]);
    result.hidden = keys.length === 0;
    const rates = keys.map((key) => {
      const rate = chosen.boroughs[key][1];
      return `${data.names[key]} ${written(rate, decimals(rate))}`;
    });
    const london = written(chosen.london, decimals(chosen.london));
    told.textContent = `For every 1,000 people: ${rates.join(", ")}. The 32 boroughs together ${london}.`;
    caption.textContent = `${chosen.title}, ${data.period}, highest rate first`;
    result.querySelector("tbody").replaceChildren(...keys.map((key) => row(key, chosen.boroughs[key])));
    all.href = `offence_${offence.value}.html#offence_${offence.value}_boroughs`;
    all.textContent = `All boroughs: ${chosen.title}`;
  };

  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const keys = (asked.get("boroughs") || data.own).split(",");
    if (asked.get("offence") in data.offences) offence.value = asked.get("offence");
    for (const box of boxes) box.checked = keys.includes(box.value);
    show();
  };

  form.addEventListener("change", () => {
    const keys = boxes.filter((box) => box.checked).map((box) => box.value);
    location.replace(`#offence=${offence.value}&boroughs=${keys.join(",")}`);
    show();
  });
  form.querySelector("#compare-skip").addEventListener("click", () => told.focus());
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", read);
  form.hidden = false;
  read();
});
