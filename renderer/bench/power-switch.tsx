import type { SayToBench } from './say.ts';

/** The side cutter: end the kiosk's process wherever it stands. */
export function PowerSwitch(props: {
  readonly kills: number;
  readonly unsettled: number;
  readonly say: SayToBench;
}) {
  const { kills, unsettled, say } = props;
  return (
    <div className="power">
      <button type="button" className="kill" onClick={() => say({ kind: 'kill-process' })}>
        Cut the power
      </button>
      <p>
        Stops the kiosk in mid-step and starts it again, with nothing but its journal. Cards,
        terminals and paper stay as they are. Try it while a card is being written.
      </p>
      <dl>
        <div>
          <dt>Cuts so far</dt>
          <dd>{kills}</dd>
        </div>
        <div data-warn={unsettled > 0}>
          <dt>Attempts not yet settled</dt>
          <dd>{unsettled}</dd>
        </div>
      </dl>
    </div>
  );
}
