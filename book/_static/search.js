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
  "burglar": "burglary",
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
  "moped theft": "theft or taking of a motor vehicle",
  "mopeds": "theft or taking of a motor vehicle",
  "motorbike": "theft or taking of a motor vehicle",
  "mugged": "robbery of personal property",
  "mugging": "robbery of personal property",
  "murder": "homicide",
  "online abuse": "stalking and harassment",
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
  "violent": "violence against the person",
};
// Every borough in order, of all crime.
const WHICH_BOROUGH = "notebooks/crime_levels#how-the-borough-compares";
// The pages that answer what people ask, by how the words begin that they ask it with.
const SUBJECTS = {
  "book/further_information#how-to-report-a-crime": [
    ...["who to call", "who do i call", "who to contact", "report a crime", "report crime"],
    ...["victim support", "crimestoppers"],
  ],
  "book/further_information#tell-us-about-a-mistake": ["mistake", "wrong number", "wrong figure"],
  "book/further_information#use-these-figures": [
    ...["reuse", "re use", "copyright", "licence", "cite ", "citation", "quote"],
  ],
  "book/further_information#what-is-not-in-this-book": [
    ...["how many police", "police officer", "police number", "neighbourhood team", "police team"],
    ...["stop and search", "stopped and searched", "speeding", "drink driv", "drunk driv"],
    ...["spiking", "dog", "last week", "last month", "at night", "time of day"],
    ...["response time", "police station", "gang", "beg ", "begging", "rough sleep", "homeless"],
    ...["school exclu", "exclusion", "suspended from school", "scooter"],
  ],
  "book/glossary#term-significant": ["significant"],
  "book/methods#can-these-figures-be-trusted": [
    ...["trust this", "trust these", "trust the figure", "trust the number", "reliable"],
    ...["how sure", "accura", "chance"],
  ],
  "book/methods": ["methodology", "calculated", "calculate"],
  "book/data_sources": ["come from", "comes from", "source of", "what sources", "which data"],
  "book/downloads": [
    ...["download the", "download all", "download data", "spreadsheet", "excel", "csv", "raw data"],
    ...["dataset", "data set", "api ", "json"],
  ],
  "notebooks/about_barnet": ["population", "how many people live", "how many residents"],
  "notebooks/anti_social_behaviour": ["asb", "antisocial", "anti social", "noisy", "noise"],
  "notebooks/apprehending_offenders": ["solve", "caught", "arrest", "charged", "clear up", "detection"],
  "notebooks/checking_the_strategy": [
    ...["mistake in the strategy", "mistakes in the strategy", "strategy wrong", "strategy right"],
  ],
  "notebooks/crime_levels#month-by-month": [
    ...["christmas", "winter", "summer", "season", "which month", "busiest", "when do"],
  ],
  "notebooks/crime_levels#what-may-come-next": ["forecast", "predict", "next year", "will crime"],
  [WHICH_BOROUGH]: [
    ...["worst borough", "safest borough", "highest crime", "lowest crime", "which borough"],
  ],
  "notebooks/crime_rankings": ["rank"],
  "notebooks/england_and_wales": ["england", "wales", "other cities", "nationally", "the country"],
  "notebooks/environmental_crime": ["fly tip", "flytip", "litter", "dumped", "rubbish"],
  "notebooks/hate_crime": ["hate", "racis", "homophob", "transphob"],
  "notebooks/hate_crime#the-months-after-october-2023": [
    ...["october 2023", "antisemit", "islamophob", "gaza", "israel"],
  ],
  "notebooks/offence_criminal_damage": ["graffiti", "smashed", "vandal"],
  "notebooks/offence_theft_from_a_motor_vehicle": [
    ...["theft from car", "from my car", "from a car", "into my car", "from my van", "from a van"],
  ],
  "notebooks/offence_theft_or_taking_of_a_motor_vehicle": [
    ...["car was stolen", "car stolen", "stole my car", "stolen car", "car been stolen"],
  ],
  "notebooks/offence_total_notifiable_offences#year-by-year": [
    ...["years ago", "decade", "over time", "over the years", "covid", "pandemic", "lockdown"],
    ...["how many crimes"],
  ],
  "notebooks/offences#what-is-not-here": ["fraud", "scam", "cyber", "hack", "identity theft"],
  "notebooks/serious_violence_and_knife_crime": ["knife", "knives", "stab", "gun", "shooting"],
  "notebooks/since_the_strategy": [
    ...["since the strategy", "changed since", "promise", "done what", "what was done"],
    ...["what has been done", "what has the council", "has the council", "did the council"],
  ],
  "notebooks/summary": [
    ...["has crime", "is crime", "did crime", "how much crime", "crime overall", "main findings"],
    ...["who wrote", "who made", "who publish", "next update", "when was this"],
  ],
  "notebooks/trust_and_confidence": ["trust the police", "confidence in the police"],
  "notebooks/violence_against_women_and_girls": ["violence against women"],
  "notebooks/violence_against_women_and_girls#domestic-abuse": ["domestic"],
  "notebooks/young_people": ["young people", "do teenagers", "do children"],
  "notebooks/wards": [
    ...["my ward", "my street", "my road", "my area", "near me", "postcode"],
    ...["safest ward", "worst ward", "which ward"],
  ],
};
// Where those look next whose words no page has: a place that is no ward, a crime by another name.
const ELSEWHERE = [
  "notebooks/wards",
  "notebooks/offences",
  "book/further_information#what-is-not-in-this-book",
];
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
const OF_ALL_CRIME = /^[^#]+(?=#(month|year)-by-(month|year)$)/;
const [ANSWER, TITLE] = [20, 15];
const WORD = /\d[\d.,]*\d|[\p{Letter}\p{Number}_]+/gu;
// Words that make a question and say nothing of its subject: none is looked for, nor marked within
// other words ("we" in "lower").
const ASKING = new Set([
  ...["am", "can", "did", "do", "does", "had", "has", "have", "how", "many", "me", "much", "my"],
  ...["our", "us", "we", "were", "what", "when", "where", "which", "who", "why", "you", "your"],
]);
const QUOTED = "p, li, tr, caption, dd";
const LONGEST_QUOTATION = 240;
// A word that nearly every page has finds a hundred, and each that is shown is read for a quotation.
const SHOWN_AT_ONCE = 20;

Scorer.score = ([page, , anchor, , score]) => {
  if (!EXPLAINING.includes(page)) return score;
  return anchor ? Math.min(score, TITLE - 1) : score / 2;
};

const wordsOf = (text) =>
  (text.toLowerCase().match(WORD) || []).filter(
    (word) => word[1] && !stopwords.includes(word) && !ASKING.has(word),
  );
const stemsOf = (text) => wordsOf(text).map((word) => new Stemmer().stemWord(word));

// A page has to have every word: those that no page has are left out of a question of several.
Search._parseQuery = (query) => {
  const { terms, titleterms } = Search._index;
  const indexed = [...Object.keys(terms), ...Object.keys(titleterms)];
  const known = wordsOf(query).filter((word) => {
    const [stem] = stemsOf(word);
    return indexed.some((term) => term.includes(stem));
  });
  const words = known.length ? known : wordsOf(query);
  return [query, new Set(stemsOf(words.join(" "))), new Set(), new Set(words), new Set(words)];
};

const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

// The pages of a template whose names a text holds; of two names, one in the other, the longer.
const named = (kind, holds, within) => {
  const start = `notebooks/${kind}_`;
  const pages = Search._index.docnames
    .filter((page) => page.startsWith(start))
    .map((page) => [page, page.replace(start, "").replaceAll("_", " ")])
    .filter(([, name]) => holds(name));
  return pages
    .filter(([page, name]) => !pages.some(([o, longer]) => o !== page && within(name, longer)))
    .map(([page]) => page);
};
const namedWards = (words) =>
  named("ward", (name) => words.includes(` ${name} `), (name, longer) => longer.includes(name));
// Offences are named in any order, and in the plural.
const namedOffences = (texts) => {
  const said = texts.map(stemsOf);
  const within = (name, stems) => stemsOf(name).every((stem) => stems.includes(stem));
  const longer = (name, other) =>
    stemsOf(name).length < stemsOf(other).length && within(name, stemsOf(other));
  return named("offence", (name) => said.some((stems) => within(name, stems)), longer);
};

// What stands at a place of the book, as a result of the search; nothing where it is not in it.
const resultsAt = (places, score) =>
  places.flatMap((place) => {
    const [page, part] = place.split("#");
    const at = Search._index.docnames.indexOf(page);
    const anchor = part ? `#${part}` : "";
    if (at < 0) return [];
    return [[page, Search._index.titles[at], anchor, null, score, `${page}.html`]];
  });

// The pages that answer a question whatever words they use: those of the wards that it names, of
// its subject, and of the offences.
const answering = (said, offences) => {
  const words = ` ${plain(said)} `;
  const begins = (beginning) => words.includes(` ${beginning}`);
  const subjects = Object.keys(SUBJECTS).filter((page) => SUBJECTS[page].some(begins));
  // Of one offence, its own months, years, boroughs or wards.
  const own = (place) => {
    if (!offences.length) return place;
    if (place === WHICH_BOROUGH) return `${offences[0]}#all-boroughs`;
    const map = offences[0].replace("/offence_", "/wardmap_");
    if (place === "notebooks/wards" && Search._index.docnames.includes(map)) return map;
    return place.replace(OF_ALL_CRIME, offences[0]);
  };
  return [
    ...offences.flatMap((page, number) => resultsAt([page], ANSWER + 1 - number / 100)),
    ...resultsAt(subjects.map(own), ANSWER + 1.5),
    ...resultsAt(namedWards(words), ANSWER + 1.6),
  ];
};

// The borough of the book, as the title of its first page has it.
const ownBorough = () => {
  const { docnames, titles } = Search._index;
  return Search._index.boroughs.find((name) =>
    titles[docnames.indexOf("notebooks/summary")]?.endsWith(` ${name}`),
  );
};

// Boroughs that are named, side by side in the chooser, for the offence asked for: two or more, or
// one beside that of the book. The book's own alone has its first page, and its wards.
const ofBoroughs = (said, [offence]) => {
  const words = ` ${plain(said)} `.replaceAll(" brent cross ", " ");
  const wards = namedWards(words).map((page) => ` ${page.replaceAll("_", " ")} `);
  // "Richmond" is Richmond upon Thames, and "Chelsea" Kensington and Chelsea. "Camden Town" is a
  // ward, and Brent Cross is in Barnet.
  const parts = (name) => [name, ...name.split(/ and | upon Thames/)].filter(Boolean).map(plain);
  const isNamed = (part) =>
    words.includes(` ${part} `) && !wards.some((ward) => ward.includes(` ${part} `));
  const named = Search._index.boroughs.filter((name) => parts(name).some(isNamed));
  const own = ownBorough();
  if (named.length === 1 && named[0] === own) {
    return offence ? [] : resultsAt(["notebooks/wards", "notebooks/summary"], ANSWER + 1.4);
  }
  const alone = named.length === 1;
  const names = alone && own ? [own, ...named] : named;
  if (names.length < 2) return [];
  const keys = names.map((name) => name.toLowerCase().replace(/[^a-z]+/g, "-")).join(",");
  const key = offence && `offence=${offence.replace("notebooks/offence_", "")}&`;
  const title = `Compare boroughs: ${names.join(", ")}`;
  const address = `#${key || ""}boroughs=${keys}`;
  // A page on what is asked of one borough has a table of all of them.
  const score = ANSWER + (alone && !offence ? 1.45 : 2);
  return [["notebooks/compare", title, address, null, score, "notebooks/compare.html"]];
};

// Shows the best of the results, which stand last, and a button for those that come after them.
const show = (results, count, stems) => {
  const later = results.slice(0, -SHOWN_AT_ONCE);
  _displayNextItem(results.slice(-SHOWN_AT_ONCE), count, stems, new Set(Search.words));
  if (!later.length) return;
  const button = Search.output.parentNode.appendChild(document.createElement("button"));
  button.className = "more-results";
  button.textContent = `Show ${Math.min(SHOWN_AT_ONCE, later.length)} more of ${count} results`;
  button.addEventListener("click", () => {
    const next = Search.output.children.length;
    button.remove();
    show(later, count, stems);
    // Who came by the keyboard goes on from there.
    Search.output.children[next].querySelector("a").focus();
  });
};

Search.query = (query) => {
  const asked = Search._parseQuery(query);
  const said = query.toLowerCase();
  const term = `#term-${said.trim().replaceAll(" ", "-")}`;
  const everyday = Object.keys(EVERYDAY).filter((words) => said.includes(words));
  const phrases = everyday.filter(
    (words) => !everyday.some((other) => other !== words && other.includes(words)),
  );
  const meant = phrases.map((words) => Search._parseQuery(EVERYDAY[words]));
  // "Car theft" names vehicle crime, and not theft as well.
  const within = namedOffences(phrases);
  const names = meant.map(([name]) => name);
  const own = namedOffences([said]);
  const offences = namedOffences([said, ...names])
    .filter((page) => !within.includes(page) || namedOffences(names).includes(page))
    .sort((one, other) => own.includes(other) - own.includes(one));
  const found = new Map();
  for (const search of [asked, ...meant]) {
    const [, , , words] = search;
    for (const result of Search._performSearch(...search)) {
      const [page, title, anchor] = result;
      const heading = title.toLowerCase().split(" > ")[0];
      if (anchor === term || (search !== asked && ANSWERS.includes(page))) result[4] = ANSWER;
      else if (OF_A_TEMPLATE.test(page) && ![...words].some((word) => heading.includes(word)))
        result[4] = Math.min(result[4], Scorer.term);
      const place = page + anchor;
      if (!found.has(place) || found.get(place)[4] < result[4]) found.set(place, result);
    }
  }
  for (const result of [...answering(said, offences), ...ofBoroughs(said, offences)])
    found.set(result[0] + result[2], result);
  Search.words = [...new Set([asked, ...meant].flatMap(([, , , words]) => [...words]))];
  const results = [...found.values()].sort(_orderResultsByScoreThenName);
  // The last is shown first.
  const shown = results.length ? results : resultsAt(ELSEWHERE, ANSWER).reverse();
  show(shown, results.length, asked[1]);
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
