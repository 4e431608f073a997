import type { BenchCard, BenchView } from '../../main/contract/bench.ts';
import { Cable } from './cable.tsx';
import { CardFace } from './card-face.tsx';
import { RealNote } from './real-part.tsx';
import type { SayToBench } from './say.ts';

/** The card reader with its slot, the SAMs that hold the load keys, and the card that is in it now. */
export function Reader(props: { readonly view: BenchView; readonly say: SayToBench }) {
  const { view, say } = props;
  const isReal = view.real.includes('reader');
  return (
    <div className="part reader" data-unplugged={!isReal && !view.readerPlugged}>
      <div className="part-head">
        <h2>Card reader</h2>
        {isReal ? null : <Cable cable="reader" plugged={view.readerPlugged} say={say} />}
      </div>
      {!isReal && view.station === 'virtual' ? (
        <p className="part-note">Its plug kills and starts pcscd.</p>
      ) : null}
      {isReal ? <RealReader /> : <Slot view={view} say={say} />}
      {view.sams.map(({ family, plugged }) => (
        <div key={family} className="part-foot">
          <span>SAM of {family} cards</span>
          <Cable cable={`sam-${family}`} plugged={plugged} say={say} />
        </div>
      ))}
    </div>
  );
}

function RealReader() {
  return (
    <>
      <RealNote />
      <p className="test-keys" role="alert">
        TEST KEYS ARE IN USE. Put in test cards only, and take no money.
      </p>
    </>
  );
}

function Slot(props: { readonly view: BenchView; readonly say: SayToBench }) {
  const { view, say } = props;
  const card = view.cards.find((each) => each.id === view.inserted);
  return (
    <>
      <div className="slot">
        <div className="slot-well">
          {card === undefined ? (
            <p className="slot-empty">Empty. Click a card to put it in.</p>
          ) : (
            <CardFace card={card} currency={view.currency} />
          )}
        </div>
        <div className="slot-lip">
          <i className="lamp" data-lit={card !== undefined && view.readerPlugged} />
        </div>
      </div>
      <p className="slot-card">{card === undefined ? 'No card' : describe(card)}</p>
      <button
        type="button"
        className="hand-button"
        disabled={card === undefined}
        onClick={() => say({ kind: 'pull-card' })}
      >
        Pull the card out
      </button>
    </>
  );
}

function describe(card: BenchCard): string {
  if (card.purse === null) return card.name;
  const loads = card.purse.loads === 1 ? '1 load' : `${card.purse.loads} loads`;
  return `${card.name} ${card.purse.maskedNumber.slice(-9)}, ${loads} so far`;
}
