import { recover } from '../../main/session/recover.ts';
import { momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import type { Exploration, Met } from './explore.ts';
import { domains } from './explore-domains.ts';
import { cardVerdicts, loadEvidence, paperEvidence, paymentEvidence } from './explore-evidence.ts';
import { outcomeTable, paperTable, wholeTable } from './explore-outcomes.ts';
import { parts, pictureOf } from './explore-picture.ts';
import { truths } from './explore-truth.ts';

/** What all of them met together. */
export function metByAll(explorations: readonly Exploration[]): Met {
  const ways = new Map<string, Set<string>>();
  for (const { met } of explorations) {
    for (const [way, facts] of met.ways) {
      ways.set(way, new Set([...(ways.get(way) ?? []), ...facts]));
    }
  }
  const union = (of: (met: Met) => ReadonlySet<string>) =>
    new Set(explorations.flatMap(({ met }) => [...of(met)]));
  return {
    pairs: union(({ pairs }) => pairs),
    outcomes: union(({ outcomes }) => outcomes),
    papers: union(({ papers }) => papers),
    ways: new Map([...ways].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The pages and pictures that are made from the exploration: path from the top of the checkout → text. */
export function pagesOf(met: Met): ReadonlyMap<string, string> {
  const pages = new Map([
    ['docs/states.md', statesPage()],
    ['docs/outcomes.md', outcomesPage(met)],
  ]);
  for (const [name, part] of Object.entries(parts)) {
    pages.set(`docs/states-${name}.svg`, pictureOf(part, met.ways));
  }
  return pages;
}

const made = '<!-- Made by `npm run explore -- --docs` from the code. Changes here are lost. -->';

function statesPage(): string {
  const pictures = Object.entries(parts).map(
    ([name, { title }]) => `### ${title}\n\n![${title}](states-${name}.svg)`,
  );
  return `${made}

# Everything that can happen to a session

\`npm run explore\` walks through every state that \`transition\` (\`main/session/transition.ts\`) can reach, breadth first, with every
fact that can come there. Beside the session it carries the truth: what the terminal has booked, what the card holds, what lies in the
tray. Answers say what is true, or that nothing is known; nothing else. Each step is held against the truth, and a rule that is
broken is told as the shortest story that breaks it.

\`\`\`sh
npm run explore                # what \`npm test\` walks through: seconds
npm run explore -- --large     # a second card and more that comes and goes: minutes
npm run explore -- --depth 40  # every domain to this depth
\`\`\`

It prints how many states and edges there are, how deep they lie, and how long it took. \`npm test\` does the same, plants bugs to
see each of them found, and asks that no decision in the tables of the states was never taken.

## What must be true

Of each step, beside the rules that the session asserts of itself (\`main/session/invariants.ts\`):

${Object.entries(truths)
  .map(([name, words]) => `- **${name}**: ${words}.`)
  .join('\n')}

*way-out* is looked for backwards from where the kiosk is idle and nothing is open, over the steps in which nothing goes wrong:
every state that is not met on that way is a dead end. *claim-at-last* likewise, from where it is idle and nobody is owed anything without
a claim, over the steps that are left when no card is put in and no terminal answers.

## What can happen

- Every answer of an order under way: done, refused, and each of them with its answer lost; the order carried out or not.
- Somebody asks where their money is: with the card, with a reference, with one that nobody ever had; has slips printed, has it settled.
- A card is put in, pulled, jumps on its contacts; another card is put in; the reader tells late.
- Reader, printer and terminals break down and come back.
- Every command that the screen offers, and some that it does not.
- Time passes: not at all, to the deadline, past a person's patience, past what was set aside.
- The power is cut, at every state: the order under way was carried out or not, and the journal is what is left.
- A terminal gives up a payment by itself; a reservation lapses.

## Where it begins, and where it ends

It begins at a first start, with an empty journal. What can be reached from there is then left for every start that finds an open
attempt, of each kind that the rules allow, with each truth that can be behind it.

${domains
  .map(
    ({ name, depth }, n) =>
      `${n + 1}. ${name}${depth === undefined ? ': to its end' : `: to a depth of ${depth} steps`}`,
  )
  .join('\n')}

## What is left out, and why that loses nothing

Two states are one when no decision can tell them apart. A field that is not in this table is kept, also one that is added later.

| left out | because |
|---|---|
| words: language, reasons and causes that are only shown | no decision about money or paper reads them; *reader-fault* of a refused card is kept, for it is read |
| figures of a card: balance, caps, dates, history | they decide which amounts are offered, before any money (\`test/session/limits.test.ts\`) |
| all amounts but one that is possible and one that is not | an amount is passed on and never calculated with once it is chosen |
| which card and which top-up it is, by name | only *the same* or *another* is asked: they are numbered in the order in which they are met |
| contents of marks, proofs, names and numbers of the terminal | only whether they are there is asked; their contents are the devices' (\`test/hardware\`) |
| how often a load was begun | only whether the load on the card is the newest is asked, and that is kept |
| the time | a deadline may come at any moment from its setting on. Each fact is told before and after every deadline that it could read, so that there is more here than in the world, never less |
| how long ago an attempt began, at a start | recent and long ago are both told |
| how often a terminal was asked in vain | four classes: before, at and after the errand is set aside (10), and where a capture is given up (20). One step puts the count forward to the next class, as rounds that change nothing else would |
| the load authority and the journal, broken down | nothing is decided by them that the reader does not decide too (\`main/session/limits.ts\`) |
| how often a slip was printed again | it only withholds another copy (\`test/session/slip-copies.test.ts\`) |
| of a top-up that is over: names, marks, proof, claim | nobody is asked about it any more; only slips of it are printed |
| more top-ups at once than a domain says | the step that would begin one is not taken; where what is over is asked for, it counts |
| unanswered payments in a row, but in one domain | elsewhere it is as if others had been answered in between |
| questions about money, but in one domain | they are asked where the kiosk is idle or a card is shown, and lead back there, or to orders that are walked in all |

## The state graph

Made from the exploration: an arrow is there because it was walked. Left out are facts that change no state, and the power cut, which leads
from everywhere to *starting*. *over, and what now?* stands for the move \`rest\`: money that can be found out first, then the card in the
reader, and only then idle. It is drawn once, at the top. Dashed: a state of another picture.

${pictures.join('\n\n')}
`;
}

function outcomesPage({ outcomes, papers }: Met): string {
  const session = recover([], testTerms, momentAt(0));
  return `${made}

# How a top-up comes out

A top-up is *money × card × paper*, each *none*, *unknown*, *done* or *undone* (of money, *done*: it is with the terminal). What happens
next is decided by one function, \`resolve\` (\`main/session/resolve.ts\`); whatever the kiosk was doing, after an answer, a missing answer
or a restart it asks there, and these tables are what it says.

The states that end in *-ing* are written to the journal before the order leaves: found later, they mean *unknown*. *claimed*: where it
cannot be settled at once, a claim is signed before the person is left or anybody else is served ([claims.md](claims.md)).

## Money and card

${outcomeTable(session, outcomes)}

*inquire*, *capture* and *reverse* are repeated until the terminal says something definite, and are done once however often: one that stays
silent is set aside for ten minutes after ten tries, so that others are served. *check the card* waits for the card, for ever if need be.

It is the same for every combination; in brackets, what cannot be, and the rule that stops the process first:

${wholeTable(session)}

## What each answer teaches

**The terminal**: an answer to an order, or to an inquiry about what became of one. Silence teaches nothing.

${paymentEvidence()}

**The card.** At the write it proves the load with its TAC; afterwards it is asked, as soon as it is in the reader. A load that was once
proved to be there, or not, stays so.

${loadEvidence()}

It is asked for its transaction proof (GET TRANSACTION PROVE), whose TAC must be this load's, and for its log. Either one is enough to
prove that it has the load; never the balance alone. Where neither has it, the log, the counter of on-line transactions and the balance
since the write was ordered decide (\`hardware/card/pboc/verdict.ts\`):

${cardVerdicts()}

*Undecided*, as silence, teaches nothing: the person is given a claim, and the card is asked again whenever it is put in.

**The printer**: only its confirmation, or its word that nothing came. What a slip under way becomes:

${paperEvidence(papers)}

## Paper

Paper never keeps a top-up open, and money never waits for it. Shown for one that is loaded and paid, on its receipt's screen with the
printer up, for every combination that the exploration met. Out of “Where is my money?” a slip can always be had, marked where it must be.

${paperTable(session, papers)}
`;
}
