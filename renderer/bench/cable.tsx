import type { SayToBench } from './say.ts';

/** A device's plug: pull it out, or put it back. */
export function Cable(props: {
  readonly cable: string;
  readonly plugged: boolean;
  readonly say: SayToBench;
}) {
  const { cable, plugged, say } = props;
  return (
    <button
      type="button"
      className="cable"
      aria-pressed={plugged}
      onClick={() => say({ kind: 'set-cable', cable, plugged: !plugged })}
    >
      <svg viewBox="0 0 44 16" width="44" height="16" aria-hidden="true">
        <path d={plugged ? 'M0 8h16' : 'M0 8h8'} className="lead" />
        <rect x={plugged ? 14 : 6} y="3" width="11" height="10" rx="2" className="plug" />
        <path d={plugged ? 'M25 5.5h4M25 10.5h4' : 'M17 5.5h5M17 10.5h5'} className="pins" />
        <path d="M44 8h-5" className="lead" />
        <path d="M39 3h-8a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h8z" className="socket" />
      </svg>
      {plugged ? 'Plugged in' : 'Unplugged'}
    </button>
  );
}
