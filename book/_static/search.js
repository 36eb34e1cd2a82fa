// What the book changes in Sphinx's search (`searchtools.js`, to which the build appends this):
// numbers are words, everyday words are understood, and quotations are whole sentences or rows.

// Everyday words, and the names that the police's tables have for them.
const EVERYDAY = {
  "antisocial behaviour": "anti-social behaviour",
  "assault": "violence against the person",
  "bike": "bicycle theft",
  "blade": "possession of weapons",
  "break-in": "residential burglary",
  "burgled": "residential burglary",
  "car crime": "vehicle offences",
  "car theft": "vehicle offences",
  "cars stolen": "vehicle offences",
  "catalytic": "theft from a motor vehicle",
  "domestic abuse": "domestic abuse violence",
  "domestic violence": "domestic abuse violence",
  "drug dealing": "drug trafficking",
  "drugs": "drug offences",
  "fraud": "fraud",
  "gun": "possession of weapons",
  "knife": "knife crime",
  "knives": "knife crime",
  "moped": "robbery of personal property",
  "mugged": "robbery of personal property",
  "mugging": "robbery of personal property",
  "murder": "homicide",
  "phone": "theft from the person",
  "pickpocket": "theft from the person",
  "racist": "hate crime",
  "safe": "total notifiable offences",
  "scam": "fraud",
  "sexual assault": "sexual offences",
  "shop theft": "shoplifting",
  "solved": "positive outcomes",
  "stabbing": "knife crime",
  "stalker": "stalking and harassment",
  "stolen car": "vehicle offences",
  "vandalism": "criminal damage",
};
// The pages that answer what people ask, by how the words begin that they ask it with.
const SUBJECTS = {
  "book/further_information#what-is-not-in-this-book": [
    ...["how many police", "police officer", "police number", "stop and search", "speeding"],
    ...["spiking", "dangerous dog", "last week", "last month"],
  ],
  "book/methods": ["trust this", "trust these", "trust the figure", "reliable", "how sure"],
  "notebooks/anti_social_behaviour": ["asb", "antisocial", "anti social", "noisy"],
  "notebooks/apprehending_offenders": ["solve", "caught", "arrest", "charged"],
  "notebooks/crime_rankings": ["worst borough", "safest borough", "highest crime", "rank"],
  "notebooks/hate_crime": ["hate", "racis", "antisemit", "islamophob", "homophob", "transphob"],
  "notebooks/serious_violence_and_knife_crime": ["knife", "knives", "stab", "gun", "shooting"],
  "notebooks/since_the_strategy": ["since the strategy", "changed since"],
  "notebooks/trust_and_confidence": ["trust the police", "confidence in the police"],
  "notebooks/violence_against_women_and_girls": ["violence against women"],
  "notebooks/violence_against_women_and_girls#domestic-abuse": ["domestic"],
  "notebooks/wards": [
    ...["my ward", "my street", "my road", "my area", "near me", "postcode"],
    ...["safest ward", "worst ward", "which ward"],
  ],
};
// The pages whose tables have every offence, and what the young were asked.
const ANSWERS = [
  "notebooks/borough_headlines",
  "notebooks/crime_rankings",
  "notebooks/young_people",
];
// Those that explain words and methods, or repeat others: what they tell of comes first.
const EXPLAINING = ["glossary", "methods", "data_sources", "revisions", "briefing"].map(
  (name) => `book/${name}`,
);
// The pages of a template share their headings: what one is about, its title says.
const OF_A_TEMPLATE = /^notebooks\/(offence|ward|wardmap)_/;
const [ANSWER, TITLE] = [20, 15];
const WORD = /\d[\d.,]*\d|[\p{Letter}\p{Number}_]+/gu;
const QUOTED = "p, li, tr, caption, dd";
const LONGEST_QUOTATION = 240;

Scorer.score = ([page, , anchor, , score]) => {
  if (!EXPLAINING.includes(page)) return score;
  return anchor ? Math.min(score, TITLE - 1) : score / 2;
};

Search._parseQuery = (query) => {
  const words = (query.toLowerCase().match(WORD) || []).filter((word) => !stopwords.includes(word));
  const stemmer = new Stemmer();
  const stems = new Set(words.map((word) => stemmer.stemWord(word)));
  return [query, stems, new Set(), new Set(words), new Set(words)];
};

const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

// The pages that answer a question whatever words they use: those of its subject, and of the wards
// that it names. Of two names, one in the other, the longer is meant.
const answering = (said) => {
  const words = ` ${plain(said)} `;
  const begins = (beginning) => words.includes(` ${beginning}`);
  const subjects = Object.keys(SUBJECTS).filter((page) => SUBJECTS[page].some(begins));
  const nameOf = (page) => page.replace("notebooks/ward_", "").replaceAll("_", " ");
  const wards = Search._index.docnames
    .filter((page) => page.startsWith("notebooks/ward_") && words.includes(` ${nameOf(page)} `))
    .filter((page, _, all) => !all.some((o) => o !== page && nameOf(o).includes(nameOf(page))));
  return [...wards, ...subjects].flatMap((place) => {
    const [page, part] = place.split("#");
    const at = Search._index.docnames.indexOf(page);
    const anchor = part ? `#${part}` : "";
    if (at < 0) return [];
    return [[page, Search._index.titles[at], anchor, null, ANSWER + 1.5, `${page}.html`]];
  });
};

// Boroughs that are named together, side by side in the chooser, for the offence asked for.
const together = (said, meant) => {
  const words = ` ${plain(said)} `;
  const named = Search._index.boroughs.filter((name) => words.includes(` ${name.toLowerCase()} `));
  if (named.length < 2) return [];
  const texts = [said, ...meant.map(([name]) => name)];
  const offence = Search._index.docnames
    .filter((page) => page.startsWith("notebooks/offence_"))
    .map((page) => page.replace("notebooks/offence_", ""))
    .filter((key) => texts.some((text) => text.includes(key.replaceAll("_", " "))))
    .sort((a, b) => b.length - a.length)[0];
  const keys = named.map((name) => name.toLowerCase().replace(/[^a-z]+/g, "-")).join(",");
  const address = `#${offence ? `offence=${offence}&` : ""}boroughs=${keys}`;
  const title = `Compare boroughs: ${named.join(", ")}`;
  return [["notebooks/compare", title, address, null, ANSWER + 2, "notebooks/compare.html"]];
};

Search.query = (query) => {
  const asked = Search._parseQuery(query);
  const said = query.toLowerCase();
  const term = `#term-${said.trim().replaceAll(" ", "-")}`;
  const meant = Object.keys(EVERYDAY)
    .filter((words) => said.includes(words))
    .map((words) => Search._parseQuery(EVERYDAY[words]));
  const found = new Map();
  for (const search of [asked, ...meant]) {
    const [name, , , words] = search;
    const offence = `notebooks/offence_${name.trim().toLowerCase().replaceAll(" ", "_")}`;
    for (const result of Search._performSearch(...search)) {
      const [page, title, anchor] = result;
      const own = title.toLowerCase().split(" > ")[0];
      if (page === offence && !anchor) result[4] = ANSWER + 1;
      else if (anchor === term || (search !== asked && ANSWERS.includes(page))) result[4] = ANSWER;
      else if (OF_A_TEMPLATE.test(page) && ![...words].some((word) => own.includes(word)))
        result[4] = Math.min(result[4], Scorer.term);
      const place = page + anchor;
      if (!found.has(place) || found.get(place)[4] < result[4]) found.set(place, result);
    }
  }
  for (const result of answering(said)) found.set(result[0] + result[2], result);
  Search.words = [...new Set([asked, ...meant].flatMap(([, , , words]) => [...words]))];
  const results = [...found.values(), ...together(said, meant)].sort(_orderResultsByScoreThenName);
  _displayNextItem(results, results.length, asked[1], new Set(Search.words));
};

// The row or the sentences in which most of the words stand.
Search.makeSearchSummary = (htmlText, keywords, anchor) => {
  const page = new DOMParser().parseFromString(htmlText, "text/html");
  // A list of links that a reader chooses from says nothing of what they lead to.
  const unquoted = "pre, script, style, summary, .headerlink, .asked";
  page.querySelectorAll(unquoted).forEach((part) => part.remove());
  const article = page.querySelector("article");
  const named = anchor && page.getElementById(anchor.slice(1));
  let root = named || article;
  while (root.matches("dt") && root.nextElementSibling) root = root.nextElementSibling;
  const hits = (text) => {
    const own = new Set(text.toLowerCase().match(WORD));
    return Search.words.filter((word) => own.has(word) || own.has(`${word}s`)).length;
  };
  const best = (texts) =>
    texts.reduce((first, next) => (hits(next) > hits(first) ? next : first), texts[0] || "");
  const text = (part) =>
    part.matches("tr")
      ? [...part.cells].map((cell) => cell.textContent.trim()).join(", ")
      : part.textContent.replace(/\s+/g, " ").trim();
  const parts = root.matches(QUOTED) ? [root] : [...root.querySelectorAll(QUOTED)];
  let quoted = best(parts.map(text));
  if (quoted.length > LONGEST_QUOTATION) quoted = best(quoted.split(/(?<=[.!?;]) /));
  const summary = document.createElement("p");
  summary.classList.add("context");
  summary.textContent =
    quoted.length > LONGEST_QUOTATION ? `${quoted.slice(0, LONGEST_QUOTATION)}…` : quoted;
  return summary;
};

// A result's own address carries the words to mark: no other page that is opened later has marks.
document.addEventListener("DOMContentLoaded", () => {
  const results = document.querySelector("#search-results");
  new MutationObserver(() => {
    for (const link of results.querySelectorAll("li > a:not([data-marks])")) {
      link.dataset.marks = "";
      link.search = new URLSearchParams({ highlight: Search.words.join(" ") });
    }
  }).observe(results, { childList: true, subtree: true });
});
